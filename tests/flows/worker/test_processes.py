"""Everything a process started is ended with it, wherever it went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.worker.processes import MARK, end_all, is_stopped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

FAMILY = """
import os, subprocess, sys, time
def note(pid): open(sys.argv[1], "a").write(f"{pid}\\n")
note(os.getpid())
note(subprocess.Popen(["sleep", "600"]).pid)
note(subprocess.Popen(["sleep", "600"], start_new_session=True).pid)
note(subprocess.Popen(["sleep", "600"], start_new_session=True, env={}).pid)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        note(os.getpid())
        if "quits" in sys.argv: time.sleep(600)
    else: os._exit(0)
if "quits" in sys.argv: os._exit(0)
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def start(place: Path, token: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, MARK: token}
    return subprocess.Popen([sys.executable, "-c", FAMILY, str(place), *arguments], env=environment, start_new_session=True)


def noted(place: Path) -> list[int]:
    return [int(line) for line in place.read_text().split()] if place.exists() else []


def test_a_process_is_ended_with_its_descendants(tmp_path: Path, wait: Callable[..., None]) -> None:
    process = start(tmp_path / "pids", "token-1")
    bystander = start(tmp_path / "others", "token-2")
    wait(lambda: len(noted(tmp_path / "pids")) == 5 and len(noted(tmp_path / "others")) == 5)
    end_all(process.pid, "token-1")
    wait(lambda: not any(map(is_alive, noted(tmp_path / "pids"))))
    assert all(map(is_alive, noted(tmp_path / "others")))
    end_all(bystander.pid, "token-2")
    wait(lambda: not any(map(is_alive, noted(tmp_path / "others"))))
    process.wait()
    bystander.wait()


def test_what_a_dead_process_left_is_found_by_its_mark(tmp_path: Path, wait: Callable[..., None]) -> None:
    process = start(tmp_path / "pids", "token-3", "quits")
    process.wait()
    wait(lambda: len(noted(tmp_path / "pids")) == 5)
    end_all(process.pid, "token-3")
    unmarked = noted(tmp_path / "pids")[3]
    wait(lambda: not any(is_alive(pid) for pid in noted(tmp_path / "pids") if pid != unmarked))
    os.kill(unmarked, signal.SIGKILL)


def test_a_process_put_to_sleep_is_known() -> None:
    process = subprocess.Popen(["sleep", "600"])
    assert not is_stopped(process.pid)
    process.send_signal(signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)
    assert is_stopped(process.pid)
    process.kill()
    process.wait()
    assert not is_stopped(process.pid)
