"""Tries and time limits of a node, as its author wrote them."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from flowloom.flows import errors, load_flow
from flowloom.flows.engine.events import NodeFailed, NodeStarted
from flowloom.flows.engine.policy import LONGEST_WAIT, may_help, wait_before, within
from flowloom.flows.model.flow import Retry

FLAKY = (
    "import os\n@tool\ndef flaky(place, times):\n    with open(place, 'a') as file: file.write('x')\n"
    "    if os.path.getsize(place) < times: raise OSError('not yet')\n    return os.path.getsize(place)"
)
IN_VAIN = {
    *("AuthenticationFailed", "BadRequest", "ConnectionFault", "ContentFiltered", "ContextLengthExceeded", "InputError"),
    *("LimitExceeded", "QuotaExceeded", "ReferenceFault", "Refused", "RunCancelled", "TemplateError", "ToolLoadError"),
}


async def events_of(flow: Any) -> tuple[Any, list[Any]]:
    stream = flow.stream_run()
    async with stream as events:
        found = [event async for event in events]
    return await stream.result(), found


async def test_a_node_is_tried_as_often_as_it_says(write_flow: Any, tmp_path: Any) -> None:
    place = str(tmp_path / "tries")
    retry = {"attempts": 3, "backoff_seconds": 0}
    root = write_flow(
        {"a": {"use": f"flaky place={place} times=3", "retry": retry}}, outputs={"o": "${a.output}"}, tools={"flaky": FLAKY}
    )
    with load_flow(root) as flow:
        result, events = await events_of(flow)
    assert result.outputs == {"o": 3}
    assert [event.attempt for event in events if isinstance(event, NodeStarted)] == [1, 2, 3]
    assert [event.will_retry for event in events if isinstance(event, NodeFailed)] == [True, True]


async def test_the_last_failure_counts_when_tries_run_out(write_flow: Any, tmp_path: Any) -> None:
    place = tmp_path / "tries"
    retry = {"attempts": 2, "backoff_seconds": 0}
    root = write_flow({"a": {"use": f"flaky place={place} times=9", "retry": retry}}, tools={"flaky": FLAKY})
    with load_flow(root) as flow:
        result, events = await events_of(flow)
    assert (result.status, result.nodes["a"].status, place.read_text()) == ("failed", "failed", "xx")
    assert [event.will_retry for event in events if isinstance(event, NodeFailed)] == [True, False]


def test_what_cannot_end_otherwise_is_not_tried_again(write_flow: Any, tmp_path: Any) -> None:
    place = tmp_path / "tries"
    tool = (
        "from flowloom.flows.errors import QuotaExceeded\n@tool\ndef broke(place):\n"
        "    with open(place, 'a') as file: file.write('x')\n    raise QuotaExceeded('no credit')"
    )
    retry = {"attempts": 5, "backoff_seconds": 0}
    root = write_flow({"a": {"use": f"broke place={place}", "retry": retry}}, tools={"broke": tool})
    with load_flow(root) as flow:
        result = flow.run_result()
    assert (result.error.kind, result.error.node, place.read_text()) == ("quota", "a", "x")
    found = {
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.FlowloomError) and not may_help(kind("words"))
    }
    assert found == IN_VAIN


def test_waits_double_up_to_a_bound() -> None:
    retry = Retry(10, 1.5)
    assert [wait_before(attempt, retry) for attempt in (1, 2, 3, 4)] == [1.5, 3.0, 6.0, 12.0]
    assert wait_before(10_000, retry) == LONGEST_WAIT
    assert wait_before(1, Retry(2, -5.0)) == 0.0


@pytest.mark.parametrize("use", ["never", "letters_forever", "held"])
def test_a_node_that_takes_too_long_fails(write_flow: Any, use: str) -> None:
    tools = {
        "letters_forever": "@tool\nasync def letters_forever():\n    while True: await asyncio.sleep(0)",
        "held": "import threading\n@tool\ndef held(): threading.Event().wait(30)",
    }
    root = write_flow({"a": {"use": use, "timeout_seconds": 0.1}}, tools=tools)
    with load_flow(root) as flow:
        result = flow.run_result(grace=0.05)
    assert result.error.kind == "timeout"
    assert result.error.node == "a"
    assert "0.1 seconds" in result.error.message


async def test_each_try_has_the_whole_time(write_flow: Any) -> None:
    root = write_flow({"a": {"use": "never", "timeout_seconds": 0.05, "retry": {"attempts": 3, "backoff_seconds": 0}}})
    with load_flow(root) as flow:
        result, events = await events_of(flow)
    assert result.error.kind == "timeout"
    assert len([event for event in events if isinstance(event, NodeStarted)]) == 3


async def test_work_that_will_not_stop_is_left_to_itself() -> None:
    release = asyncio.Event()
    stubborn: list[asyncio.Task[Any]] = []

    async def work() -> None:
        stubborn.append(asyncio.current_task())  # type: ignore[arg-type]
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    with pytest.raises(errors.NodeTimeout):
        await within(0.01, work(), "a")
    assert not stubborn[0].done()
    release.set()
    await stubborn[0]
