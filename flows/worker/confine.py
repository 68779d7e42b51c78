"""Bounds on a worker, set from within before any code of a flow runs. Each is tried, and what holds is reported."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import Any, Final

from flowloom.flows.worker.protocol import Confinement, Limits

_SET_PARENT_DEATH_SIGNAL: Final = 1
_SET_CHILD_SUBREAPER: Final = 36
_LANDLOCK_CREATE_RULESET: Final = 444
_CGROUPS: Final = Path("/sys/fs/cgroup")


def confine(limits: Limits, parent: int) -> tuple[Confinement, str]:
    """Bound this process and all it will start. Returns what holds, and the control group to be removed afterwards ("" without one)."""
    if limits.nice and hasattr(os, "nice"):
        os.nice(limits.nice)
    memory = _bound_memory(total_memory() * 3 // 4 if limits.memory is None else limits.memory)
    group = _own_group(limits.processes) if limits.processes and sys.platform == "linux" else ""
    nice = os.nice(0) if hasattr(os, "nice") else 0
    return Confinement(memory, limits.processes if group else 0, nice, _die_with(parent), _landlock()), group


def total_memory() -> int:
    """Bytes of memory of this computer, 0 where it cannot be told."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def _bound_memory(most: int) -> int:
    """Bytes that this process may take for its data, 0 where that cannot be bounded. Files that are mapped do not count."""
    if not most:
        return 0
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    except (ImportError, OSError, ValueError, AttributeError):
        return 0
    return most if _is_refused(most + (1 << 30)) else 0


def _is_refused(size: int) -> bool:
    """Whether this much memory is refused: some systems take the limit and do not hold it."""
    import mmap

    try:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, MemoryError, ValueError, OverflowError):
        return True
    finally:
        gc.collect()
    return False


def _own_group(processes: int) -> str:
    """A control group of this process's own with a bound on processes, joined. Empty where that is not allowed."""
    try:
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            inside = path.strip("/")
            if controllers == "":
                # Under version 2 a group that holds processes has no groups below it: ours goes beside it.
                bases = [_CGROUPS / inside / "..", _CGROUPS / inside]
            elif "pids" in controllers.split(","):
                bases = [_CGROUPS / "pids" / inside]
            else:
                continue
            for base in bases:
                if group := _join(base.resolve() / f"flowloom-{os.getpid()}", processes):
                    return group
    except (OSError, ValueError):
        pass
    return ""


def _join(group: Path, processes: int) -> str:
    if _CGROUPS not in group.parents:
        return ""
    for other in group.parent.glob("flowloom-*"):
        # Of a worker whose supervisor was killed with it: nobody else will.
        if not Path("/proc", other.name.rpartition("-")[2]).exists():
            with contextlib.suppress(OSError):
                other.rmdir()
    try:
        group.mkdir()
        try:
            (group / "pids.max").write_text(str(processes))
            (group / "cgroup.procs").write_text(str(os.getpid()))
        except OSError:
            group.rmdir()
            return ""
    except OSError:
        return ""
    return str(group)


def _die_with(parent: int) -> bool:
    """Have the system end this process with its parent, and hand this process what its children leave behind."""
    library = _libc()
    if library is None:
        return False
    import signal

    done = library.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0) == 0
    library.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it was gone before we asked
    return done


def _landlock() -> int:
    library = _libc()
    if library is None:
        return 0
    return max(0, library.syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1))


def _libc() -> Any:
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        return ctypes.CDLL(None, use_errno=True)
    except (ImportError, OSError):
        return None
