from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import pytest

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine.events import Log
from flowloom.flows.engine.scope import RunScope, redacted
from flowloom.flows.engine.threads import Mailbox, Threads
from flowloom.flows.errors import ToolError


def scope_of(found: list[Any]) -> RunScope:
    loop = asyncio.get_running_loop()
    return RunScope(None, "r", loop, Mailbox(loop, contextvars.copy_context()), Threads("t"), found.append)  # type: ignore[arg-type]


async def test_what_is_called_is_one_level_deeper_and_stops_with_its_caller() -> None:
    outer = scope_of([])
    inner = outer.inside("agent").inside("search")
    assert (inner.depth, inner.prefix) == (2, "agent/search/")
    assert not inner.is_stopping
    outer.stopping = True
    assert inner.is_stopping


async def test_events_from_threads_arrive_on_the_loop_in_order() -> None:
    found: list[Any] = []
    scope = scope_of(found)
    await asyncio.to_thread(lambda: [scope.send(Log(None, str(number))) for number in range(50)])
    await asyncio.sleep(0)
    assert [event.text for event in found] == [str(number) for number in range(50)]


async def test_a_call_from_a_thread_ends_with_its_coroutine() -> None:
    scope = scope_of([])

    async def give() -> int:
        return 7

    async def fail() -> int:
        raise ValueError("no")

    assert await asyncio.to_thread(lambda: scope.call_from_thread(give).result(10)) == 7
    with pytest.raises(ValueError, match="no"):
        await asyncio.to_thread(lambda: scope.call_from_thread(fail).result(10))
    scope.stopping = True
    late = await asyncio.to_thread(lambda: scope.call_from_thread(give))
    await asyncio.sleep(0)
    assert late.cancelled()


def test_errors_lose_their_secrets() -> None:
    error = ToolError("the key is abcdefgh", hint="not abcdefgh", detail="abcdefgh!")
    redacted(error, Redactor("abcdefgh"))
    assert (error.message, error.hint, error.detail, str(error)) == ("the key is ***", "not ***", "***!", "the key is ***")
