"""The events of one run on their way to its listener: in order, in batches, with one last event whatever happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from flowloom.flows.connections.redact import Redactor, StreamRedactor
from flowloom.flows.engine import faults
from flowloom.flows.engine.events import (
    Event,
    Log,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
)
from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker.protocol import RunRequest

Listener = Callable[[Sequence[Event]], None]

MOST_LOG: int = 1024 * 1024
"""Characters of a run's log outside of its nodes."""
_LINE: int = 200
"""What a line of it costs besides its characters."""


class RunHandle:
    """A run that was asked for. ``done`` ends with the run's RunFinished, and is never an exception."""

    def __init__(self, run_id: str, cancel: Callable[[], None]) -> None:
        self.run_id = run_id
        self.done: Future[RunFinished] = Future()
        self._cancel = cancel

    def cancel(self) -> None:
        """Stop the run. Its end comes as an event, within two seconds. May be called from any thread, as often as one likes."""
        if not self.done.done():
            self._cancel()


class Delivery:
    """One run, on the supervisor's side. Its methods may be called from any thread; the listener is called by one at a time."""

    def __init__(
        self, request: RunRequest, listener: Listener, cancel: Callable[[], None], redactor: Redactor | None = None
    ) -> None:
        self.request = request
        self.handle = RunHandle(request.run_id, cancel)
        self.cancelled_at = 0.0
        self.phase = "waiting"
        """``waiting`` for its turn, ``sent`` to a worker, ``accepted`` by it, ``running`` once it has an event, ``over``."""
        self._listener = listener
        self._lock = threading.RLock()
        self._began = time.perf_counter()
        self._at_work: dict[str, float] = {}
        self._started = False
        self._ended: RunFinished | None = None
        self._logged = 0
        self._redactor = Redactor() if redactor is None else redactor
        self._masked: StreamRedactor | None = None
        self._line = ""

    @property
    def is_over(self) -> bool:
        return self._ended is not None

    @property
    def wants_log(self) -> bool:
        """Whether there still is room for what is written outside of nodes."""
        return self._ended is None and self._logged <= MOST_LOG

    def deliver(self, events: Sequence[Event]) -> None:
        """Hand events on; what comes after the last one is dropped."""
        with self._lock:
            found: list[Event] = []
            for event in events:
                if self._ended is not None:
                    break
                if isinstance(event, RunFinished):
                    found += self._rest_of_log()
                self._note(event)
                if found and isinstance(event, NodeDelta) and (joined := _joined(found[-1], event)) is not None:
                    found[-1] = joined
                else:
                    found.append(event)
            if found:
                self.phase = "running"
                self._listener(found)
            if self._ended is not None and not self.handle.done.done():
                self.phase = "over"
                self.handle.done.set_result(self._ended)
                # Whoever keeps the handle need not keep what listened, and all that it holds.
                self._listener = _nobody
                self.handle._cancel = _nothing

    def log(self, text: str) -> None:
        """What the worker wrote outside of any node: prints of libraries, of C code, of imports."""
        with self._lock:
            if not text or not self.wants_log:
                return
            self._logged += len(text) + _LINE * text.count("\n")
            if self._masked is None:
                self._masked = self._redactor.stream()
            *whole, self._line = (self._line + self._masked.feed(text)).split("\n")
            lines = _log_lines(whole)
            if self._logged > MOST_LOG:
                lines.append(Log(None, "More was written outside of nodes than is kept; the rest is left out.", "warning"))
            self.deliver(lines)

    def _rest_of_log(self) -> list[Event]:
        """What was written without an end of line."""
        if self._masked is None:
            return []
        rest, self._line = self._line + self._masked.flush(), ""
        return _log_lines([rest])

    def fail(self, error: FlowloomError) -> None:
        """End the run because its worker is lost, unless it has ended. No node stays at work."""
        with self._lock:
            at_work = list(self._at_work)
            if len(at_work) == 1 and error.node is None:
                error.node = at_work[0]
            ends: list[Event] = [
                NodeFailed(name, error, self._seconds(name)) if error.node == name else NodeCancelled(name, self._seconds(name))
                for name in at_work
            ]
            self._end(ends, "failed", error)

    def stop(self) -> None:
        """End the run as one that was stopped, unless it has ended."""
        with self._lock:
            self._end([NodeCancelled(name, self._seconds(name)) for name in self._at_work], "cancelled", faults.stopped())

    def _end(self, ends: list[Event], status: Any, error: FlowloomError) -> None:
        if self._ended is not None:
            return
        start: list[Event] = [] if self._started else [RunStarted(self.request.run_id, "", (), time.time())]
        last = RunFinished(self.request.run_id, status, {}, error, time.perf_counter() - self._began)
        self.deliver([*start, *ends, last])

    def _note(self, event: Event) -> None:
        if isinstance(event, NodeStarted):
            self._at_work[event.node] = event.at
        elif isinstance(event, NodeFinished | NodeSkipped | NodeCancelled | NodeFailed):
            self._at_work.pop(event.node, None)
        elif isinstance(event, RunStarted):
            self._started = True
        elif isinstance(event, RunFinished):
            self._ended = event

    def _seconds(self, node: str) -> float:
        return max(0.0, time.time() - self._at_work[node])


def _nobody(events: Sequence[Event]) -> None:
    """Hears no more."""


def _nothing() -> None:
    """There is nothing left to stop."""


def _joined(before: Event, piece: NodeDelta) -> NodeDelta | None:
    """Two pieces of one stream as one; None where they are not."""
    if not isinstance(before, NodeDelta) or (before.node, before.channel) != (piece.node, piece.channel):
        return None
    if not isinstance(before.chunk, str) or not isinstance(piece.chunk, str):
        return None
    return NodeDelta(piece.node, before.chunk + piece.chunk, piece.channel)


def _log_lines(lines: Sequence[str]) -> list[Event]:
    return [Log(None, line.rstrip("\r"), "info", "stdout") for line in lines if line.strip()]


def secrets_of(connections: Mapping[str, Any]) -> frozenset[str]:
    """The values of these connections that must not be shown."""
    if not connections:
        return frozenset()
    from flowloom.flows.connections.store import Connections

    return Connections(values=connections).redactor.values
