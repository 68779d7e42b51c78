"""One step of undo: an edit as it was carried out, with its inverse."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from flowloom.flows.document.splice import difference
from flowloom.flows.model.edits import Applied, Change, Step, apply
from flowloom.studio.language import tr_data

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

_MANY_STEPS = 24
"""Splices a merged step may hold before it is replaced by the difference from its first text to its last."""


class EditCommand(QUndoCommand):
    """``applied`` has been worked out but not yet shown: the first ``redo``, which pushing calls, shows it."""

    def __init__(self, document: FlowDocument, applied: Applied, merge: str) -> None:
        super().__init__(tr_data(applied.change.title))
        self._document = document
        self._change = applied.change
        self._inverse = applied.inverse
        self._files: dict[str, str] | None = applied.files
        self._merge = merge

    def redo(self) -> None:
        files = self._files if self._files is not None else self._replayed(self._change)
        self._files = None
        self._document.trash += self._change.trash
        self._document.set_files(files)

    def undo(self) -> None:
        for name in self._change.trash:
            self._document.trash.remove(name)
        self._document.set_files(self._replayed(self._inverse))

    def _replayed(self, change: Change) -> dict[str, str]:
        return apply(self._document.files, change, flow=self._document.name).files

    def id(self) -> int:
        """The same for steps that may merge; -1 for one that never does."""
        return zlib.crc32(self._merge.encode()) & 0x7FFFFFFF if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditCommand) or other._merge != self._merge:
            return False
        trash = (*self._change.trash, *other._change.trash)
        self._change = Change(other._change.title, (*self._change.steps, *other._change.steps), trash)
        self._inverse = Change(other._change.title, (*other._inverse.steps, *self._inverse.steps))
        if len(self._change.steps) > _MANY_STEPS:
            self._shorten()
        self.setText(other.text())
        return True

    def _shorten(self) -> None:
        """One splice a file in place of the many that typing leaves."""
        after = self._document.files
        before = self._replayed(self._inverse)
        names = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        self._change = Change(self._change.title, _steps(names, before, after), self._change.trash)
        self._inverse = Change(self._change.title, _steps(names, after, before))


def _steps(names: list[str], old: dict[str, str], new: dict[str, str]) -> tuple[Step, ...]:
    return tuple(
        Step(name, tuple(difference(name, old.get(name, ""), new.get(name, ""))), name in old, name in new)
        for name in sorted(names)
    )
