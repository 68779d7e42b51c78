"""A service that lives beside the workers rather than in them: a worker's end of it.

A model that takes seconds to load is loaded once, by the process that started the workers, and outlives them. In a worker ``current()``
leads there; anywhere else it is None, and a service does its work itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from flowloom.flows.worker.event_lines import error_from_json

_current: Relay | None = None


def current() -> Relay | None:
    """The way to the process that started this worker; None where this is no worker."""
    return _current


def install(relay: Relay | None) -> None:
    """Make ``relay`` this process's."""
    global _current
    _current = relay


class Relay:
    """``send`` sends a message to the supervisor, as text. May be used from any loop and thread."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, Callable[[Mapping[str, Any]], None]] = {}

    async def stream(self, service: str, arguments: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        """What ``service.relay(arguments)`` yields over there, as JSON. Raises the FlowloomError it raises; closing this closes that."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        number = next(self._numbers)

        def take(message: Mapping[str, Any]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(arrived.put_nowait, message)

        with self._lock:
            self._waiting[number] = take
        ended = False
        try:
            self._send(json.dumps({"relay": number, "service": service, "arguments": arguments}))
            while not ended:
                message = await arrived.get()
                ended = "item" not in message
                if "error" in message:
                    raise error_from_json(message["error"])
                if not ended:
                    yield message["item"]
        finally:
            with self._lock:
                del self._waiting[number]
            if not ended:
                self._send(json.dumps({"relay": number, "cancel": True}))

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take an answer of the supervisor's."""
        with self._lock:
            take = self._waiting.get(int(message["relay"]))
        if take is not None:
            take(message)
