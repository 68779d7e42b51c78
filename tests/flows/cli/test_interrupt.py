from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.cli.interrupt import Interrupt


def test_before_anything_runs_it_is_as_ever() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), Interrupt():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_while_something_runs_it_is_asked_to_stop() -> None:
    async def work(interrupt: Interrupt) -> str:
        asked = asyncio.Event()
        interrupt.on_stop(asyncio.get_running_loop(), asked.set)
        signal.raise_signal(signal.SIGINT)
        await asyncio.wait_for(asked.wait(), 5)
        return "stopped in order"

    with Interrupt() as interrupt:
        assert asyncio.run(work(interrupt)) == "stopped in order"


Start = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def start(command: list[str], clean_env: dict[str, str]) -> Start:
    """Begin to run a flow in a process of its own."""
    return lambda flow: subprocess.Popen(
        [*command, "run", str(flow), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_env
    )


def wait_for(path: Path, child: subprocess.Popen[str]) -> None:
    """Until the flow's code says, by a file, that it is at work."""
    deadline = time.monotonic() + 30
    while not path.exists():
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def slow(one_tool: Callable[..., Path], tmp_path: Path) -> tuple[Path, Path]:
    mark = tmp_path / "at-work"
    return one_tool(f"open({str(mark)!r}, 'w').close()\ntime.sleep(60)", above="import time"), mark


def test_ctrl_c_prints_the_object_as_cancelled(slow: tuple[Path, Path], start: Start) -> None:
    import json

    child = start(slow[0])
    wait_for(slow[1], child)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    answer = json.loads(out)
    assert (child.returncode, answer["status"], answer["nodes"]["work"]["status"]) == (130, "cancelled", "cancelled")
    assert answer["error"]["kind"] == "cancelled"
    assert "Traceback" not in err
    assert err.rstrip().endswith("Stopped.")


def test_a_second_ctrl_c_ends_it_at_once(one_tool: Callable[..., Path], tmp_path: Path, start: Start) -> None:
    # The tool cannot be stopped, so that the first one waits out its grace.
    mark, asked = tmp_path / "at-work", tmp_path / "asked"
    body = f"open({str(mark)!r}, 'w').close()\nwhile not running.get().cancelled: time.sleep(0.01)\nopen({str(asked)!r}, 'w').close()\ntime.sleep(60)"
    child = start(one_tool(body, above="import time\nfrom flowloom.flows.node.context import running"))
    wait_for(mark, child)
    child.send_signal(signal.SIGINT)
    wait_for(asked, child)
    child.send_signal(signal.SIGINT)
    started = time.monotonic()
    child.communicate(timeout=20)
    assert child.returncode == 130
    assert time.monotonic() - started < 1.5


def test_a_polite_kill_stops_in_order_too(slow: tuple[Path, Path], start: Start) -> None:
    child = start(slow[0])
    wait_for(slow[1], child)
    child.send_signal(signal.SIGTERM)
    out, _ = child.communicate(timeout=20)
    assert child.returncode == 130
    assert '"status": "cancelled"' in out


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    program = "import threading\nfrom flowloom.flows.cli.interrupt import Interrupt\ndef work():\n    with Interrupt(): print('fine')\nt = threading.Thread(target=work); t.start(); t.join()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, env={**os.environ}
    )
    assert done.stdout == "fine\n"
