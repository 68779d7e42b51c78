"""Ending a process together with everything it started, also what has left its group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

MARK: Final = "FLOWLOOM_WORKER"
"""The environment variable that everything started by a worker carries, with the worker's own token."""
_ROUNDS: Final = 20


def end_all(pid: int, token: str, group: str = "") -> None:
    """End a worker and its descendants. ``token`` is the value of MARK, ``group`` its control group. Returns when
    none of them can be found any more; at the latest after some tenths of a second."""
    if os.name != "posix":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    mark = f"{MARK}={token}".encode()
    with contextlib.suppress(OSError):
        # At once, and before anybody is looked for: what is stopped neither works nor forks.
        os.killpg(pid, signal.SIGSTOP)
    for turn in range(_ROUNDS):
        found = _descendants(pid) | _marked(mark) | _in_group(group)
        if turn == 0:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        elif not found:
            break
        for other in found:
            with contextlib.suppress(OSError):
                os.kill(other, signal.SIGKILL)
        # What forks faster than it is counted needs another look.
        time.sleep(0.002 if turn < 5 else 0.02)


def remove_group(group: str) -> None:
    """Remove a control group once its last process has been reaped; one that is still in use stays."""
    for _ in range(_ROUNDS if group else 0):
        try:
            os.rmdir(group)
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)


def is_stopped(pid: int) -> bool:
    """Whether a process has been stopped by a signal, so that it does nothing."""
    return _stat(pid)[0] == "T"


def _descendants(pid: int) -> set[int]:
    parents = {other: _stat(other) for other in _pids()}
    found: set[int] = set()
    open_ = [pid]
    while open_:
        above = open_.pop()
        for other, (state, parent) in parents.items():
            if parent == above and other not in found and state not in "ZX":
                found.add(other)
                open_.append(other)
    return found


def _marked(mark: bytes) -> set[int]:
    found: set[int] = set()
    for pid in _pids():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark in file.read().split(b"\0") and _stat(pid)[0] not in "ZX":
                    found.add(pid)
        except OSError:
            continue
    return found - {os.getpid()}


def _in_group(group: str) -> set[int]:
    if not group:
        return set()
    try:
        return {int(pid) for pid in (Path(group) / "cgroup.procs").read_text().split()}
    except (OSError, ValueError):
        return set()


def _pids() -> list[int]:
    if sys.platform != "linux":
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> tuple[str, int]:
    """State and parent of a process; ``X`` for one that is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return fields[0], int(fields[1])
    except (OSError, IndexError, ValueError):
        return "X", 0
