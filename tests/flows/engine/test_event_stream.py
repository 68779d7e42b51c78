from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import NodeStarted, RunFinished
from flowloom.flows.errors import UsageError


async def test_the_result_without_the_events(write_flow: Any) -> None:
    async with load_flow(write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})).stream() as events:
        result = await events.result()
    assert result.outputs == {"o": 1}


async def test_leaving_early_stops_the_run(write_flow: Any, no_thread_left: None) -> None:
    async with load_flow(write_flow({"a": "never"})).stream() as events:
        async for event in events:
            if isinstance(event, NodeStarted):
                break
    result = await events.result()
    assert (result.status, result.nodes["a"].status) == ("cancelled", "cancelled")


async def test_an_error_of_the_reader_stops_the_run_and_comes_through(write_flow: Any) -> None:
    events = load_flow(write_flow({"a": "never"})).stream()
    with pytest.raises(ZeroDivisionError):
        async with events:
            raise ZeroDivisionError
    assert (await events.result()).status == "cancelled"


async def test_stopping_before_it_began(write_flow: Any) -> None:
    events = load_flow(write_flow({"a": "echo x=1"})).stream()
    events.cancel()
    async with events:
        found = [event async for event in events]
    assert isinstance(found[-1], RunFinished)
    assert found[-1].status == "cancelled"


async def test_a_run_is_for_once(write_flow: Any) -> None:
    events = load_flow(write_flow({"a": "echo x=1"})).stream()
    with pytest.raises(UsageError):
        aiter(events)
    with pytest.raises(UsageError):
        await events.result()
    async with events:
        pass
    with pytest.raises(UsageError):
        async with events:
            pass


async def test_runs_side_by_side_do_not_meet(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "aecho x=${inputs.q}", "b": "echo x=${a.output}"}, inputs={"q": "Q"}, outputs={"o": "${b.output}"}))
    found = await asyncio.gather(*(flow.arun(q=str(number)) for number in range(20)))
    assert found == [{"o": str(number)} for number in range(20)]
