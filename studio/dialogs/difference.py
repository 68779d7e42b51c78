"""What the screen shows of a file beside what the disk holds now, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import code_font
from flowloom.studio.theme.theme import mixed

if TYPE_CHECKING:
    from flowloom.studio.document.watch import FileDifference


def lines(mine: str | None, theirs: str | None) -> list[tuple[str, str]]:
    """``(mark, line)``: ``-`` only here, ``+`` only on disk, space in both, ``@`` where lines are left out."""
    before, after = (mine or "").splitlines(), (theirs or "").splitlines()
    found: list[tuple[str, str]] = []
    for number, line in enumerate(difflib.unified_diff(before, after, n=3, lineterm="")):
        if number >= 2:
            found.append(("@", "") if line.startswith("@@") else (line[:1], line[1:]))
    return found


class DifferenceDialog(QDialog):
    """``answer`` is ``reload``, ``keep`` or empty."""

    def __init__(self, differences: Sequence[FileDifference], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What another program changed"))
        self.resize(860, 560)
        self.answer = ""
        self._differences = differences
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        words = QLabel(tr("Red lines stand only here, green lines only on disk."), self)
        words.setProperty("role", "muted")
        column.addWidget(words)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        self.files = QListWidget(split)
        self.files.setAccessibleName(tr("Changed files"))
        self.text = QPlainTextEdit(split)
        self.text.setReadOnly(True)
        self.text.setFont(code_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("Difference"))
        split.setSizes([220, 640])
        column.addWidget(split, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        for answer, text, kind in (("", tr("Decide later"), ""), ("keep", tr("Keep mine"), ""), ("reload", tr("Reload"), "primary")):
            button = QPushButton(text, self)
            button.setProperty("kind", kind)
            button.clicked.connect(lambda _checked=False, answer=answer: self._choose(answer))
            row.addWidget(button)
        column.addLayout(row)
        for item in differences:
            self.files.addItem(item.path)
        self.files.currentRowChanged.connect(self._show)
        self.files.setCurrentRow(0)

    def _choose(self, answer: str) -> None:
        self.answer = answer
        self.accept()

    def _show(self, row: int) -> None:
        self.text.clear()
        if not 0 <= row < len(self._differences):
            return
        item, shown = self._differences[row], theme.current()
        grounds = {"-": mixed(shown.code, shown.bad, 0.18), "+": mixed(shown.code, shown.ok, 0.18)}
        found = lines(item.mine, item.theirs)
        if item.theirs is None:
            found.insert(0, ("@", tr("The file was deleted on disk.")))
        elif item.mine is None:
            found.insert(0, ("@", tr("The file is new on disk.")))
        cursor = self.text.textCursor()
        for number, (mark, line) in enumerate(found):
            _write(cursor, f"{mark} {line}" if mark != "@" else f"⋯ {line}", grounds.get(mark), first=number == 0)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)


def _write(cursor: QTextCursor, line: str, ground: QColor | None, *, first: bool) -> None:
    shape = QTextBlockFormat()
    if ground is not None:
        shape.setBackground(ground)
    if first:
        cursor.setBlockFormat(shape)
    else:
        cursor.insertBlock(shape)
    cursor.insertText(line)
