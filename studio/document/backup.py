"""Keeps unsaved work on disk within a second of each edit, and offers what a crash left behind when the flow is opened again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from flowloom.flows.document import backup as kept
from flowloom.flows.document.backup import Backup, left_behind
from flowloom.flows.document.save import sync_file
from flowloom.flows.document.splice import difference
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import Change, Step

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

WAIT_MS: Final = 100
"""From the first edit that is not backed up to the backup; edits meanwhile do not put it off."""


class Keeper(QObject):
    """Backs a document up. ``failed`` gives the FlowloomError, once, where no backup can be kept."""

    failed = Signal(object)
    kept = Signal()
    """A backup of the document as it was a moment ago is on disk."""
    _written = Signal(object)
    _synced = Signal()

    def __init__(self, document: FlowDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._begin)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # A slow disk takes its time to hold a backup for good: the next is written meanwhile.
        self._slow = QThreadPool(self)
        self._slow.setMaxThreadCount(1)
        self._durable = True
        self._syncing = False
        self._writing = False
        self._again = False
        self._failing = False
        self._on_disk = False
        self._root = document.root
        self._lock = Lock()
        self._number = 0
        self._written_number = 0
        self._recovered: list[Backup] = []
        self._covered: list[Backup] = []
        self._written.connect(self._done)
        self._synced.connect(self._sync_done)
        self.found: tuple[Backup, ...] = tuple(left_behind(document.root, document.name))
        """What processes that are no more left of this flow, the newest first."""
        self.found = tuple(backup for backup in self.found if self._differs(backup))
        document.changed.connect(self._edited)
        document.modified_changed.connect(self._edited)

    def _differs(self, backup: Backup) -> bool:
        files = self._document.files
        return any(files.get(path) != text for path, text in backup.files.items())

    # Backing up

    def _edited(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _begin(self) -> None:
        if self._writing:
            self._again = True
            return
        task = self._task()
        if task is not None:
            self._writing = True
            self._pool.start(_Write(self, task))

    def _task(self) -> _Task | None:
        """The backup of the document as it stands; None where nothing is unsaved and nothing lies on disk."""
        document = self._document
        files = document.unsaved if document.modified else {}
        if not files and not self._on_disk:
            return None
        self._on_disk = bool(files)
        self._covered = list(self._recovered)
        self._number += 1
        base = {path: text for path in files if (text := document.disk.get(path)) is not None}
        return _Task(self._number, self._root, document.name, files, base)

    def now(self) -> None:
        """Back up at once: before the files themselves are written, so that whatever ends the program in between loses nothing."""
        task = self._task()
        if task is not None:
            self._timer.stop()
            _, error = self._write(task)
            if error is not None and not self._failing:
                self.failed.emit(error)
            self._failing = error is not None

    def _write(self, task: _Task) -> tuple[Path | None, FlowloomError | None]:
        """Carry a task out, unless a newer one was. Called from threads too."""
        with self._lock:
            if task.number < self._written_number:
                return None, None
            self._written_number = task.number
            try:
                if not task.files:
                    kept.drop_backup(task.root, task.flow)
                    return None, None
                base = {path: kept.digest(text) for path, text in task.base.items()}
                return kept.keep_backup(task.root, Backup(task.flow, task.files, base)), None
            except FlowloomError as error:
                return None, error

    def _done(self, error: FlowloomError | None) -> None:
        self._writing = False
        if error is not None and not self._failing:
            self.failed.emit(error)
        self._failing = error is not None
        if error is None:
            for backup in self._covered:
                self._forget(backup)
            self._recovered = [backup for backup in self._recovered if backup not in self._covered]
            self.kept.emit()
            if self._on_disk:
                self._sync()
        if self._again:
            self._again = False
            self._begin()

    def _sync(self) -> None:
        """Have the disk hold the last backup for good, one wish at a time."""
        self._durable = False
        if not self._syncing:
            self._syncing, self._durable = True, True
            self._slow.start(_Sync(self, kept.backup_place(self._root, self._document.name)))

    def _sync_done(self) -> None:
        self._syncing = False
        if not self._durable:
            self._sync()

    def settle(self) -> None:
        """Wait for a backup that is under way: before the disk is looked at, or the document goes."""
        self._pool.waitForDone()
        self._slow.waitForDone()

    def stop(self) -> None:
        """The document closes, its work saved or given up: no backup stays. What was found and not decided upon does."""
        self._timer.stop()
        self._document.changed.disconnect(self._edited)
        self._document.modified_changed.disconnect(self._edited)
        self._drop()

    def moved(self) -> None:
        """The document was saved to another folder: no backup stays in the old one."""
        self._drop()
        self._root = self._document.root

    def _drop(self) -> None:
        self.settle()
        try:
            kept.drop_backup(self._root, self._document.name)
        except FlowloomError as error:
            self.failed.emit(error)

    # Recovering

    def changed_since(self, backup: Backup) -> list[str]:
        """Files of a backup that the disk holds otherwise than when they were edited: recovering lays the older edit over the newer file."""
        disk = self._document.disk
        now = {path: kept.digest(disk[path]) for path in backup.files if path in disk}
        return sorted(path for path in backup.files if now.get(path) != backup.base.get(path))

    def recover(self, backup: Backup, title: str) -> bool:
        """Lay a backup over the document as one step of undo, named ``title``. The backup stays until the work is saved or backed up anew."""
        document = self._document
        steps = [
            Step(path, difference(path, document.files.get(path, ""), text or ""), path in document.files, text is not None)
            for path, text in sorted(backup.files.items())
            if document.files.get(path) != text
        ]
        if not document.apply(Change(title, tuple(steps))):
            return False
        self.found = tuple(other for other in self.found if other is not backup)
        self._recovered.append(backup)
        return True

    def discard(self, backup: Backup) -> None:
        """Give up what a backup holds."""
        self.found = tuple(other for other in self.found if other is not backup)
        self._forget(backup)

    def _forget(self, backup: Backup) -> None:
        try:
            kept.forget(backup)
        except FlowloomError as error:
            self.failed.emit(error)


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    root: Path
    flow: str
    files: dict[str, str | None]
    base: dict[str, str]
    """What the disk held of them."""


class _Write(QRunnable):
    def __init__(self, keeper: Keeper, task: _Task) -> None:
        super().__init__()
        self._keeper = keeper
        self._task = task

    def run(self) -> None:
        _, error = self._keeper._write(self._task)
        self._keeper._written.emit(error)


class _Sync(QRunnable):
    def __init__(self, keeper: Keeper, place: Path) -> None:
        super().__init__()
        self._keeper = keeper
        self._place = place

    def run(self) -> None:
        sync_file(self._place)
        self._keeper._synced.emit()
