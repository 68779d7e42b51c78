"""Finds the problems of an open flow a moment after each edit, in a thread of its own, so that typing never waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

WAIT_MS: Final = 200
"""How long after the last edit the flow is looked at."""


class Checker(QObject):
    """``found`` is emitted when ``problems`` are those of the document as it stands."""

    found = Signal()
    _arrived = Signal(int, object)

    def __init__(self, document: FlowDocument) -> None:
        super().__init__(document)
        self._document = document
        self.problems: tuple[Problem, ...] = ()
        self._revision = 0
        self._seen = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._begin)
        self._arrived.connect(self._take)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    @property
    def settled(self) -> bool:
        """Whether ``problems`` are those of the document as it stands."""
        return self._seen == self._revision

    def look(self) -> None:
        self._revision += 1
        self._timer.start()

    def settle(self) -> None:
        """Wait for a look that is under way and begin no other: before the document goes."""
        self._timer.stop()
        self._pool.waitForDone()

    def _begin(self) -> None:
        self._pool.start(_Look(self, self._revision))

    def _take(self, revision: int, problems: tuple[Problem, ...]) -> None:
        if revision == self._revision:
            self._seen = revision
            self.problems = problems
            self.found.emit()


class _Look(QRunnable):
    def __init__(self, checker: Checker, revision: int) -> None:
        super().__init__()
        self._checker = checker
        self._revision = revision
        self._file = checker._document.file
        self._registry = checker._document.registry
        self._faults = tuple(checker._document.faults.values())

    def run(self) -> None:
        from flowloom.flows.model.validate import validate

        try:
            problems = tuple(validate(self._file, self._registry))
        except FlowloomError as error:
            where = getattr(error, "file", None)
            problems = (Problem("flow.unreadable", "error", str(error), error.hint or "", file=where),)
        problems += tuple(Problem("file.unreadable", "warning", str(fault), fault.hint, file=fault.file, line=fault.line) for fault in self._faults)
        self._checker._arrived.emit(self._revision, problems)
