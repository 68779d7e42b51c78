"""Ctrl+C: the first asks the run to stop, the second ends the process at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

CANCELLED = 130


class Interrupt:
    """While in force, SIGINT (and SIGTERM) call what ``on_stop`` was given, or raise KeyboardInterrupt where nothing
    runs yet.
    """

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._abandon: Callable[[], None] | None = None
        self._asked = False
        self._before: dict[int, Any] = {}

    def on_stop(self, loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
        """From now on a signal calls ``stop`` on the loop."""
        self._loop, self._stop = loop, stop

    def on_abandon(self, action: Callable[[], None] | None) -> None:
        """What to do before the process ends at once, such as giving the cursor back."""
        self._abandon = action

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._arrived)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            if self._abandon is not None:
                self._abandon()
            os._exit(CANCELLED)
        self._asked = True
        loop, stop = self._loop, self._stop
        if loop is None or stop is None or loop.is_closed():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop)
