from __future__ import annotations

import time
from typing import Any

from flowloom.nodes.services.demo_server.ledger import Ledger


def open_one(ledger: Ledger, at: float, **more: Any) -> Any:
    fields = {
        "method": "POST",
        "path": "/v1/chat/completions",
        "query": {},
        "headers": {},
        "key": "k",
        "model": "m",
        "body": {"stream": True},
    }
    return ledger.open(at=at, **{**fields, **more})


def test_attempts_and_the_waits_between_them() -> None:
    ledger = Ledger()
    started = time.monotonic()
    first = open_one(ledger, started - 10)
    open_one(ledger, started + 5, key="other", path="/v1/embeddings", body={})
    first.end("complete")
    assert ledger.total == 2
    assert [attempt.number for attempt in ledger.attempts(key="k")] == [1]
    assert [attempt.key for attempt in ledger.attempts(path="embeddings", model="m")] == ["other"]
    assert first.stream
    (wait,) = ledger.waits()
    assert 4 < wait <= 5
    assert ledger.as_json()[0]["ended"] == "complete"


def test_old_attempts_go() -> None:
    ledger = Ledger(keep=3)
    for number in range(10):
        open_one(ledger, float(number))
    assert (ledger.total, [attempt.number for attempt in ledger.attempts()]) == (10, [8, 9, 10])
    ledger.clear()
    assert (ledger.total, ledger.attempts()) == (0, [])
