"""Writes an open flow to its folder, or to another one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from flowloom.flows.document.private_folder import move_to_trash
from flowloom.flows.document.save import save
from flowloom.flows.document.templates import copy_folder
from flowloom.flows.errors import FlowloomError, SaveConflict, UsageError
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.backup import Keeper
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.document.trust import Trust
    from flowloom.studio.document.watch import Watcher


class Saving(QObject):
    """Each method says whether it was done; where not, one of the signals says why, and the document is as it was."""

    saved = Signal(tuple)
    """Paths that were written or moved to the trash."""
    conflict = Signal(object)
    """The SaveConflict: files changed on disk since they were read. Reload, or save with ``force``."""
    failed = Signal(object)
    """The FlowloomError of a disk that refuses."""

    def __init__(self, document: FlowDocument, trust: Trust, keeper: Keeper, watcher: Watcher, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._trust = trust
        self._keeper = keeper
        self._watcher = watcher

    def save(self, *, force: bool = False) -> bool:
        """Write what changed, and move what nothing uses any more to the trash. ``force`` overwrites changes by others."""
        document = self._document
        self._keeper.now()
        unsaved = document.unsaved
        texts = {path: text for path, text in unsaved.items() if text is not None}
        gone = sorted(path for path, text in unsaved.items() if text is None and path in document.disk)
        try:
            save(document.root, texts, base={path: document.disk.get(path) for path in texts}, force=force)
            move_to_trash(document.root, gone)
        except SaveConflict as error:
            self.conflict.emit(error)
            return False
        except FlowloomError as error:
            self.failed.emit(error)
            return False
        document.mark_saved()
        self._watcher.note()
        return self._finish((*texts, *gone))

    def save_as(self, folder: str | os.PathLike[str]) -> bool:
        """Write the whole flow to a new folder, data and all, and go on there. The old folder stays as the disk holds it."""
        document = self._document
        target = Path(os.path.abspath(folder))
        trusted = self._trust.check()
        try:
            _check_apart(document.root, target)
            copy_folder(document.root, target)
            unsaved = document.unsaved
            save(target, {path: text for path, text in unsaved.items() if text is not None}, force=True)
            for path, text in unsaved.items():
                if text is None:
                    (target / path).unlink(missing_ok=True)
        except FlowloomError as error:
            self.failed.emit(error)
            return False
        document.mark_saved(target)
        self._keeper.moved()
        self._watcher.moved()
        try:
            self._trust.moved(trusted)
        except FlowloomError as error:
            self.failed.emit(error)
        self.saved.emit(tuple(document.files))
        return True

    def _finish(self, written: tuple[str, ...]) -> bool:
        try:
            self._trust.saved(written)
        except FlowloomError as error:
            self.failed.emit(error)
        self.saved.emit(written)
        return True


def _check_apart(source: Path, target: Path) -> None:
    old, new = Path(os.path.realpath(source)), Path(os.path.realpath(target))
    if new == old or old in new.parents or new in old.parents:
        raise UsageError(
            tr("A flow cannot be saved into its own folder, or around it."), hint=tr("Choose a folder beside it.")
        )
