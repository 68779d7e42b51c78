"""Threads for work that blocks, and the way its results come back to the loop.

The threads are daemons of one run: a tool that never returns can then neither keep the process alive nor hold up another run. What still
runs when a run must end is left behind and reported by name.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final

MOST_SIDE_BY_SIDE: Final = 64
"""How many sync nodes of one run work at once; further ones wait their turn."""


class Threads:
    """Starts a thread whenever none is idle. The caller bounds how many jobs it gives at once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[tuple[str, Callable[[], None]] | None] = SimpleQueue()
        self._idle = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._busy: dict[int, str] = {}
        self._closed = False

    def submit(self, label: str, job: Callable[[], None]) -> None:
        """Run ``job``, which must not raise, in a thread of its own at once. ``label`` names it should it never end."""
        with self._lock:
            if self._idle:
                self._idle -= 1
                self._jobs.put((label, job))
                return
            thread = threading.Thread(target=self._work, args=((label, job),), name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
        thread.start()

    def close(self, seconds: float) -> list[str]:
        """End the idle threads and wait at most ``seconds`` for the busy ones. Returns the labels of those left behind."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        if not threads:
            return []
        for _ in threads:
            self._jobs.put(None)
        deadline = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        left = [thread.ident for thread in threads if thread.is_alive()]
        return [self._busy.get(ident or 0, "") for ident in left]

    @property
    def busy(self) -> tuple[str, ...]:
        """Labels of the jobs that run now."""
        return tuple(self._busy.values())

    def _work(self, given: tuple[str, Callable[[], None]] | None) -> None:
        ident = threading.get_ident()
        while given is not None:
            self._busy[ident], job = given
            job()
            given = job = None  # a waiting thread must not keep a tool's values alive
            del self._busy[ident]
            with self._lock:
                if self._closed:
                    return
                self._idle += 1
            given = self._jobs.get()


class Mailbox:
    """Calls from any thread, made on the loop in the order they were posted, several with one wake-up."""

    def __init__(self, loop: asyncio.AbstractEventLoop, context: contextvars.Context) -> None:
        self._loop = loop
        self._context = context
        self._letters: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._woken = False
        self.thread = threading.get_ident()

    @property
    def is_here(self) -> bool:
        """Whether the caller already is on the loop's thread."""
        return threading.get_ident() == self.thread

    def post(self, function: Callable[..., None], *args: Any) -> bool:
        """Have ``function(*args)`` called on the loop. A loop that is closed receives nothing: the answer is then False."""
        self._letters.append((function, args))
        if self._woken:
            return True
        self._woken = True
        try:
            self._loop.call_soon_threadsafe(self.deliver, context=self._context)
        except RuntimeError:
            # The loop is closed: a thread that was left behind came back after its run.
            self._letters.clear()
            self._woken = False
            return False
        return True

    def call(self, function: Callable[..., None], *args: Any) -> None:
        """Call now where this is the loop's thread, else have it called there."""
        if threading.get_ident() == self.thread:
            function(*args)
        else:
            self.post(function, *args)

    def deliver(self) -> None:
        """Make the calls posted so far."""
        # Cleared before looking: a letter posted from here on either is seen below or wakes the loop again.
        self._woken = False
        try:
            while self._letters:
                function, args = self._letters.popleft()
                function(*args)
        finally:
            if self._letters and not self._woken:
                # A call failed: that must not keep the others from being made.
                self._woken = True
                self._loop.call_soon(self.deliver, context=self._context)
