from __future__ import annotations

import random
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from flowloom.nodes.services.demo_server.answer import DONE, Answer
from flowloom.nodes.services.demo_server.latency import Latency

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

STREAM = Answer(events=({}, DONE), stream=True)


def test_times() -> None:
    assert Latency().slow(STREAM, random.Random(1)) is STREAM
    slow = Latency(0.2, 0.1).slow(STREAM, random.Random(1))
    assert (slow.first, slow.between) == (0.2, 0.1)
    assert Latency(0.2, 0.1).slow(Answer(events=({},)), random.Random(1)).between == 0.0
    for shape in ("uniform", "lognormal"):
        times = {Latency(1.0, spread=0.5, shape=shape).slow(STREAM, random.Random(seed)).first for seed in range(50)}  # type: ignore[arg-type]
        assert len(times) == 50
        assert min(times) > 0
        assert 0.5 < sum(times) / 50 < 1.6


def test_a_slow_server_is_slow(
    openai_server: DemoServer, post: Callable[..., tuple[int, Any, HTTPResponse]], hello: dict[str, Any]
) -> None:
    openai_server.latency = Latency(first=0.15)
    started = time.monotonic()
    post("/v1/chat/completions", hello)
    assert time.monotonic() - started >= 0.15
