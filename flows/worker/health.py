"""Whether a worker is still itself after a run: code of a flow may have left threads, processes or changed modules behind."""

from __future__ import annotations

import builtins
import gc
import os
import signal
import sys
import threading
import time
from typing import Any, Final

OWN_THREADS: Final = ("flowloom-", "run-records")
RUN_THREADS: Final = ("flow-",)
SERVICE: Final = "FLOWLOOM_SERVICE"
"""The environment variable of processes that services keep for later runs."""
_MOST_THREADS: Final = 32
_PATIENCE: Final = 0.15
_WATCHED: Final = (
    *("json", "os", "sys", "threading", "asyncio", "time", "select", "signal", "queue", "contextvars", "importlib", "io", "re"),
    *("flowloom.flows.api", "flowloom.flows.engine.run", "flowloom.flows.engine.scheduler", "flowloom.flows.worker.outbox"),
)
_MAY_CHANGE: Final = frozenset({"excepthook", "displayhook", "unraisablehook", "breakpointhook"})
_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGCHLD", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
)


class Health:
    """How this process was before any run. Made in the main thread, which alone may ask it."""

    def __init__(self, memory: int = 0) -> None:
        """``memory``: bytes this process may take, 0 where nothing bounds it."""
        self._memory = memory
        self._modules = {name: sys.modules.get(name) for name in _WATCHED}
        self._contents = {name: dict(vars(module)) for name, module in self._modules.items() if module is not None}
        self._builtins = dict(vars(builtins))
        self._signals = {number: signal.getsignal(number) for number in _SIGNALS}
        self._streams = (sys.stdin, sys.stdout, sys.stderr)
        self._recursion = sys.getrecursionlimit()
        self._switch = sys.getswitchinterval()
        self._pid = os.getpid()

    def restore(self) -> None:
        """Put back what a run may change without harm: signals, timers, standard streams, limits of the interpreter."""
        if hasattr(signal, "setitimer"):
            for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)
        for number, handler in self._signals.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        sys.stdin, sys.stdout, sys.stderr = self._streams
        sys.setrecursionlimit(self._recursion)
        sys.setswitchinterval(self._switch)
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)  # type: ignore[arg-type]
        threading.setprofile(None)  # type: ignore[arg-type]
        gc.enable()

    def trouble(self) -> str:
        """Why this process should run nothing more, in words; empty where it may."""
        if os.getpid() != self._pid:
            os._exit(0)  # a fork that found its way back here
        return self._modules_changed() or self._at_work() or self._processes() or self._memory_kept()

    def _modules_changed(self) -> str:
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                return f"the module {name} was replaced"
        for name, contents in self._contents.items():
            now = vars(self._modules[name])
            if any(now.get(key) is not value for key, value in contents.items() if callable(value) and key not in _MAY_CHANGE):
                return f"the module {name} was changed"
        now = vars(builtins)
        if any(now.get(key) is not value for key, value in self._builtins.items() if key != "_"):
            return "Python's own functions were changed"
        return ""

    def _at_work(self) -> str:
        """Threads that nodes left behind and that still do something. One that waits harms nobody."""
        left = [thread for thread in threading.enumerate() if self._is_foreign(thread)]
        if not left:
            return ""
        if len(left) > _MOST_THREADS:
            return f"{len(left)} threads were left behind"
        before = {thread.native_id: _cpu_ticks(thread.native_id) for thread in left}
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and any(thread.is_alive() for thread in left):
            time.sleep(0.01)
        for thread in left:
            if not thread.is_alive():
                continue
            if thread.name.startswith(RUN_THREADS):
                return "a node's thread goes on"
            spent = _cpu_ticks(thread.native_id) - before[thread.native_id]
            if spent >= 2 or spent < 0:
                return f"the thread {thread.name!r} goes on"
        return ""

    def _memory_kept(self) -> str:
        if self._memory and data_bytes() > self._memory // 2:
            gc.collect()
            if data_bytes() > self._memory // 2:
                return "it keeps more than half of the memory it may take"
        return ""

    def _is_foreign(self, thread: threading.Thread) -> bool:
        return thread is not threading.main_thread() and thread.is_alive() and not thread.name.startswith(OWN_THREADS)

    def _processes(self) -> str:
        deadline = time.monotonic() + _PATIENCE
        while left := [pid for pid in children() if not is_service(pid)]:
            if time.monotonic() > deadline:
                return f"a process was left behind ({_command(left[0])})"
            time.sleep(0.02)
        return ""


def children() -> list[int]:
    """Process ids of this process's children that have not ended; none where the system does not tell."""
    found: list[int] = []
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                found += [int(pid) for pid in file.read().split()]
    except (OSError, ValueError):
        return []
    return [pid for pid in found if _state(pid) not in "ZX"]


def data_bytes() -> int:
    """Bytes of memory this process has taken for its data, as its limit counts them; 0 where the system does not tell."""
    try:
        with open("/proc/self/status") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmData:")), 0)
    except (OSError, ValueError):
        return 0


def is_service(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"{SERVICE}=1".encode() in file.read().split(b"\0")
    except OSError:
        return True  # it is gone


def _stat(path: str) -> list[str]:
    try:
        with open(path) as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _state(pid: int) -> str:
    found: Any = _stat(f"/proc/{pid}/stat")
    return found[0] if found else "X"


def _cpu_ticks(thread: int | None) -> int:
    found = _stat(f"/proc/self/task/{thread}/stat")
    return int(found[11]) + int(found[12]) if len(found) > 12 else 0


def _command(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return "it has ended"
