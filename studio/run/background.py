"""Work that would hold up the window, in a thread; what comes of it arrives in the window's own thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from flowloom.flows.errors import FlowloomError

T = TypeVar("T")


def _ignore(_error: FlowloomError) -> None:
    """Nobody asked what went wrong."""


class Background(QObject):
    """``do`` starts work; results of work begun before ``forget`` never arrive."""

    _arrived = Signal(object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 1) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._round = 0
        self._arrived.connect(self._deliver)

    def do(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[FlowloomError], None] = _ignore
    ) -> None:
        """Call ``work`` in a thread, then ``done`` with what it gives, or ``failed`` with the FlowloomError it raises."""
        self._pool.start(_Work(self, work, done, failed, self._round))

    def forget(self) -> None:
        """Let nothing of what is under way arrive."""
        self._round += 1

    def settle(self) -> None:
        """Wait for what is under way."""
        self._pool.waitForDone()

    def _deliver(self, number: int, call: Callable[[], None]) -> None:
        if number == self._round:
            call()


class _Work(QRunnable):
    def __init__(self, owner: Background, work: Any, done: Any, failed: Any, number: int) -> None:
        super().__init__()
        self._owner, self._work, self._done, self._failed, self._number = owner, work, done, failed, number

    def run(self) -> None:
        try:
            result = self._work()
        except FlowloomError as error:
            call = _Call(self._failed, error)
        except BaseException as error:
            call = _Raise(error)
        else:
            call = _Call(self._done, result)
        try:
            self._owner._arrived.emit(self._number, call)
        except RuntimeError:
            return  # Whoever asked is gone: the dialog was closed meanwhile.


class _Call:
    def __init__(self, function: Callable[[Any], None], value: Any) -> None:
        self._function, self._value = function, value

    def __call__(self) -> None:
        self._function(self._value)


class _Raise:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __call__(self) -> None:
        raise self._error
