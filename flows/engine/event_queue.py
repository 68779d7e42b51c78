"""The events of a run on their way to a reader; a slow reader slows the producers of streams, not the run's bookkeeping."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import Final

from flowloom.flows.engine.events import Event

HIGH: Final = 1000
LOW: Final = 100


class EventQueue:
    """Events in the order they happened, for one reader. Everything but ``is_full`` and ``wait_in_thread`` belongs to the run's loop."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._ended = False
        self._producers: list[asyncio.Future[None]] = []
        self._room = threading.Event()

    def put(self, event: Event) -> None:
        self._events.append(event)
        if self._reader is not None:
            self._wake()

    def end(self) -> None:
        """No more events will come."""
        self._ended = True
        self.make_room()
        if self._reader is not None:
            self._wake()

    def discard(self) -> None:
        """Drop what nobody will read, from now on too, so that nothing waits for a reader that is gone."""
        self._events = deque(maxlen=0)
        self.make_room()

    def _wake(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)

    # Backpressure: producers of streams wait while too much lies unread.

    @property
    def is_full(self) -> bool:
        return len(self._events) > HIGH

    def wait_in_thread(self, seconds: float) -> None:
        """Wait until there is room, at most ``seconds``."""
        self._room.clear()
        if self.is_full:
            self._room.wait(seconds)

    async def wait(self) -> None:
        """Wait until there is room."""
        while self.is_full:
            future = asyncio.get_running_loop().create_future()
            self._producers.append(future)
            await future

    def make_room(self) -> None:
        """Let every producer that waits go on."""
        self._room.set()
        producers, self._producers = self._producers, []
        for future in producers:
            if not future.done():
                future.set_result(None)

    # Reading

    def __aiter__(self) -> EventQueue:
        return self

    async def __anext__(self) -> Event:
        events = self._events
        while not events:
            if self._ended:
                raise StopAsyncIteration
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
            events = self._events
        if len(events) == LOW:
            self.make_room()
        return events.popleft()
