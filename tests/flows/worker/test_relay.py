"""A worker's end: what a service yields elsewhere arrives here, in whichever loop asked."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from flowloom.flows.errors import FlowloomError, ServiceUnavailable
from flowloom.flows.worker import relay as module
from flowloom.flows.worker.relay import Relay


def answering(answer: Callable[[Relay, dict[str, Any]], None]) -> tuple[Relay, list[dict[str, Any]]]:
    """A relay whose calls are answered by a thread, and what it sent."""
    sent: list[dict[str, Any]] = []

    def send(text: str) -> None:
        message = json.loads(text)
        sent.append(message)
        if "service" in message:
            threading.Thread(target=answer, args=(made, message)).start()

    made = Relay(send)
    return made, sent


def hear(relay: Relay, call: dict[str, Any], **answer: Any) -> None:
    relay.hear({"relay": call["relay"], **answer})


def count(relay: Relay, call: dict[str, Any]) -> None:
    for number in range(call["arguments"]["n"]):
        hear(relay, call, item=number)
    hear(relay, call, end=True)
    hear(relay, call, item="after the end")


async def collect(relay: Relay, n: int) -> list[Any]:
    return [item async for item in relay.stream("counter", {"n": n})]


async def test_items_arrive_in_order_and_apart() -> None:
    relay, sent = answering(count)
    assert await asyncio.gather(collect(relay, 50), collect(relay, 0), collect(relay, 3)) == [list(range(50)), [], [0, 1, 2]]
    assert sorted(message["relay"] for message in sent) == [1, 2, 3]


async def test_errors_arrive_in_their_class() -> None:
    relay, sent = answering(lambda relay, call: hear(relay, call, error={"kind": "unavailable", "message": "gone", "status": 503}))
    with pytest.raises(ServiceUnavailable, match="gone") as caught:
        await collect(relay, 1)
    assert caught.value.status == 503
    assert not any("cancel" in message for message in sent)
    assert isinstance(caught.value, FlowloomError)


async def test_whoever_stops_reading_cancels_over_there() -> None:
    relay, sent = answering(lambda relay, call: [hear(relay, call, item=number) for number in range(5)])  # type: ignore[arg-type,func-returns-value]
    stream = relay.stream("counter", {"n": 5})
    assert await anext(stream) == 0
    await stream.aclose()
    assert sent[-1] == {"relay": 1, "cancel": True}
    waiting = asyncio.create_task(collect(relay, 5))
    await asyncio.sleep(0)  # it begins
    assert len(sent) == 3
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert sent[-1] == {"relay": 2, "cancel": True}


def test_only_a_worker_has_one() -> None:
    assert module.current() is None
    relay = Relay(print)
    module.install(relay)
    try:
        assert module.current() is relay
    finally:
        module.install(None)
