"""Running to an end for a caller without a loop: nothing is left behind, and Ctrl-C stops in order."""

from __future__ import annotations

import asyncio
import contextvars
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.loops import run_to_end

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


async def answer() -> Any:
    await asyncio.sleep(0)
    return threading.current_thread(), variable.get()


def test_in_the_callers_thread_where_there_is_no_loop() -> None:
    assert run_to_end(answer())[0] is threading.current_thread()
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


async def test_inside_a_running_loop_in_a_thread_with_the_callers_variables() -> None:
    variable.set("the caller's")
    thread, seen = run_to_end(answer())
    assert thread is not threading.current_thread()
    assert seen == "the caller's"
    assert not thread.is_alive()


async def fails() -> None:
    raise LookupError("words")


def test_what_is_raised_reaches_the_caller_here() -> None:
    with pytest.raises(LookupError, match="words"):
        run_to_end(fails())


async def test_what_is_raised_reaches_the_caller_from_the_thread() -> None:
    with pytest.raises(LookupError, match="words"):
        run_to_end(fails())


def test_tasks_left_over_are_ended_and_stubborn_ones_dropped() -> None:
    ended: list[str] = []

    async def left() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("left")

    async def stubborn() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append("stubborn")

    tasks: list[Any] = []

    async def work() -> str:
        tasks.extend(asyncio.ensure_future(one()) for one in (left, stubborn))
        await asyncio.sleep(0)
        return "done"

    assert run_to_end(work()) == "done"
    assert sorted(ended) == ["left", "stubborn"]


SCRIPT = """import asyncio
from flowloom.flows.engine.loops import run_to_end
async def work():
    print('started', flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print('stopped in order', flush=True)
try:
    run_to_end(work())
except KeyboardInterrupt:
    print('interrupted')
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupting_cancels_and_then_raises() -> None:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "stopped in order\ninterrupted\n"


def test_the_handler_of_the_host_stays() -> None:
    before = signal.getsignal(signal.SIGINT)
    run_to_end(answer())
    assert signal.getsignal(signal.SIGINT) is before


def test_flows_run_anywhere(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "aecho x=1"}, outputs={"o": "${a.output}"}))
    assert flow.run() == {"o": 1}

    async def inside() -> Any:
        return flow.run()

    assert asyncio.run(inside()) == {"o": 1}
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(flow.run())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"o": 1}] * 4
