"""Services that live beside the workers answer each call by itself, and end it when its worker is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.flows.node.registry import Registry
from flowloom.flows.worker.desk import Desk


class Counter:
    def __init__(self) -> None:
        self.cancelled: list[Any] = []

    async def relay(self, arguments: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        try:
            for number in range(arguments["n"]):
                yield number
                await asyncio.sleep(0)
            if arguments.get("fail"):
                raise BadRequest("no more", status=400)
            if arguments.get("wait"):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(arguments["n"])
            raise


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def desk(counter: Counter) -> Desk:
    registry = Registry()
    registry.register_service("counter", counter)
    registry.register_service("private", object())
    return Desk(registry)


def call(desk: Desk, worker: object, number: int, service: str = "counter", **arguments: Any) -> list[Mapping[str, Any]]:
    heard: list[Mapping[str, Any]] = []
    desk.take(worker, {"relay": number, "service": service, "arguments": arguments}, heard.append)
    return heard


def test_items_then_an_end(desk: Desk, wait: Callable[..., None]) -> None:
    heard, other = call(desk, "w", 1, n=3), call(desk, "x", 1, n=1)
    wait(lambda: heard and "end" in heard[-1] and other and "end" in other[-1])
    assert heard == [{"relay": 1, "item": 0}, {"relay": 1, "item": 1}, {"relay": 1, "item": 2}, {"relay": 1, "end": True}]


def test_errors_and_what_is_not_offered(desk: Desk, wait: Callable[..., None]) -> None:
    failing, private, missing, odd = (
        call(desk, "w", 1, n=1, fail=True),
        call(desk, "w", 2, "private"),
        call(desk, "w", 3, "nobody"),
        call(desk, "w", 4, n="many"),
    )
    wait(lambda: all(heard and "error" in heard[-1] for heard in (failing, private, missing, odd)))
    assert [heard[-1]["error"]["kind"] for heard in (failing, private, missing, odd)] == ["bad_request", "usage", "usage", "usage"]
    assert failing[-1]["error"]["status"] == 400


def test_a_call_ends_when_it_is_cancelled_or_its_worker_is_gone(desk: Desk, counter: Counter, wait: Callable[..., None]) -> None:
    first, second, third = (call(desk, worker, 1, n=n, wait=True) for worker, n in (("w", 1), ("x", 2), ("y", 3)))
    wait(lambda: first and len(second) == 2 and len(third) == 3)
    desk.take("w", {"relay": 1, "cancel": True}, print)
    wait(lambda: counter.cancelled == [1])
    desk.forget("x")
    wait(lambda: counter.cancelled == [1, 2])
    desk.forget("nobody")
    assert len(third) == 3
    desk.forget("y")
    wait(lambda: counter.cancelled == [1, 2, 3])
