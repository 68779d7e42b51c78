"""What people read when a worker is lost."""

from __future__ import annotations

import signal
from typing import Final

from flowloom.flows.errors import Untrusted, WorkerLost
from flowloom.flows.worker.outbox import LOST_PIPE

NEW_ONE: Final = "A new one is ready."
SOON: Final = "A new one is being started."

_SIGNALS: Final = {
    "SIGSEGV": "it crashed: a library read memory that is not there",
    "SIGBUS": "it crashed: a library read memory that is not there",
    "SIGABRT": "it crashed: a library gave up",
    "SIGFPE": "it crashed: a library divided by zero",
    "SIGILL": "it crashed: a library is made for another processor",
    "SIGKILL": "it was killed, perhaps for want of memory",
    "SIGTERM": "it was told to end",
}


def reason(why: str, code: int | None) -> str:
    """Why a worker ended, from what is known of it and its exit code (negative for a signal)."""
    if why:
        return why
    if code is None:
        return "it cannot be started"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return _SIGNALS.get(name, f"it was ended by {name}")
    if code == LOST_PIPE:
        return "its way to the studio was closed"
    return f"it ended itself with code {code}" if code else "it ended itself"


def lost(why: str, comfort: str = NEW_ONE, log: str = "") -> WorkerLost:
    """The error of a run whose worker is gone."""
    return WorkerLost(
        f"The part that runs flows stopped ({why}). {comfort}".strip(),
        hint="Look at the node that was at work; run the flow again once it is mended.",
        detail=log,
    )


def no_worker(why: str, log: str = "") -> WorkerLost:
    """The error of a run for which no worker can be had."""
    return WorkerLost(
        f"The part that runs flows cannot be started ({why}).",
        hint="Try it again. If that repeats, the Log shows what it said.",
        detail=log,
    )


def untrusted() -> Untrusted:
    """The error of whatever a folder may not do before it is trusted."""
    return Untrusted("This folder is not trusted, so nothing of it runs.", hint="Look at what would run, then choose Trust.")
