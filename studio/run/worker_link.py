"""The window's end of the worker: what happens on its threads arrives in the window's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from flowloom.flows.engine.events import Event
from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker.delivery import RunHandle
from flowloom.flows.worker.protocol import USUAL, Confinement, Limits, RunRequest, WorkerState
from flowloom.flows.worker.supervisor import Supervisor

Listener = Callable[[Sequence[Event]], None]
Done = Callable[[Any, FlowloomError | None], None]


def _ignore(answer: Any, error: FlowloomError | None) -> None:
    """Nobody waits for the answer."""


class WorkerLink(QObject):
    """Everything here is for the window's thread, and so is every signal and call that comes of it."""

    state_changed = Signal(str)
    """The WorkerState: starting, ready, busy, crashed, closed."""
    events = Signal(object)
    """A list of events of a run that was started without a listener of its own; the last of a run is a RunFinished."""
    _pending = Signal()

    def __init__(
        self, root: str, parent: QObject | None = None, *, limits: Limits = USUAL, trusted: bool = True
    ) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._news: list[Callable[[], None]] = []
        self._is_open = True
        self._pending.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor(root, limits=limits, on_state=self._on_state, trusted=trusted)

    @property
    def state(self) -> WorkerState:
        return self._supervisor.state

    @property
    def trusted(self) -> bool:
        """Whether anything of the folder may reach a worker."""
        return self._supervisor.trusted

    @trusted.setter
    def trusted(self, trusted: bool) -> None:
        self._supervisor.trusted = trusted

    @property
    def confinement(self) -> Confinement | None:
        """What bounds the worker; None before the first was ready."""
        return self._supervisor.confinement

    @property
    def log(self) -> str:
        """The last words of the worker's log."""
        return self._supervisor.log

    def start(self) -> None:
        """Have a worker made ready, in the background."""
        self._supervisor.start()

    def run(self, request: RunRequest, listener: Listener | None = None) -> RunHandle:
        """Run a flow. Its events come by the signal ``events``, or to ``listener`` where one is given."""
        hear = listener or self.events.emit
        return self._supervisor.run(request, lambda found: self._later(lambda: hear(list(found))))

    def ask(self, kind: str, body: Mapping[str, Any] | RunRequest | None = None, done: Done = _ignore) -> None:
        """Ask the worker (see ``Supervisor.request``); ``done(answer, error)`` is called with the answer or what went wrong, one of them
        None."""
        self._supervisor.request(kind, body).add_done_callback(lambda future: self._answered(future, done))

    def refresh(self) -> None:
        """Have a fresh worker, ahead of a run of changed code."""
        self._supervisor.refresh()

    def close(self, seconds: float = 1.0) -> None:
        """End the worker and what it started. Nothing arrives any more, but for what has arrived by now."""
        self._is_open = False
        self._supervisor.close(seconds)

    # From the worker's threads into the window's

    def _on_state(self, state: WorkerState) -> None:
        self._later(lambda: self.state_changed.emit(str(state)))

    def _answered(self, future: Future[Any], done: Done) -> None:
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None and not isinstance(error, FlowloomError):
            raise error
        answer = None if error is not None else future.result()
        self._later(lambda: done(answer, error))

    def _later(self, call: Callable[[], None]) -> None:
        with self._lock:
            self._news.append(call)
            if len(self._news) > 1 or not self._is_open:
                return
        self._pending.emit()

    @Slot()
    def _drain(self) -> None:
        with self._lock:
            news, self._news = self._news, []
        for call in news:
            call()
