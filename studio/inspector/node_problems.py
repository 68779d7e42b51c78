"""The problems of what is chosen, above its form: each with what to do, and leading to its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from flowloom.flows.model.problem import Problem
from flowloom.studio.inspector.controls import label
from flowloom.studio.language import tr_data
from flowloom.studio.theme.icons import icon
from flowloom.studio.theme.theme import current

_MOST: Final = 4
_IN_EDITOR: Final = frozenset(("prompt.variable_missing", "prompt.syntax", "prompt.no_message"))
"""Problems that the prompt's own editor marks on their line."""


def sorted_by_field(
    problems: Iterable[Problem], fields: Iterable[tuple[str, ...]]
) -> tuple[dict[tuple[str, ...], list[Problem]], list[Problem]]:
    """Problems by the field of the form they speak of, a field being its path; and those that belong to none and no editor marks."""
    beside: dict[tuple[str, ...], list[Problem]] = {}
    left: list[Problem] = []
    by_name = {path[-1]: path for path in fields}
    for problem in problems:
        path = by_name.get(problem.field or "")
        if problem.code in _IN_EDITOR:
            continue
        if path is not None:
            beside.setdefault(path, []).append(problem)
        else:
            left.append(problem)
    return beside, left


class NodeProblems(QWidget):
    place_asked = Signal(str, str, int)
    """Node, field, line."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._shown: tuple[Problem, ...] = ()
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        found = tuple(sorted(problems, key=lambda problem: problem.severity != "error"))[:_MOST]
        if found == self._shown:
            return
        self._shown = found
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for problem in found:
            row = _ProblemRow(problem)
            row.asked.connect(self._ask)
            self._box.addWidget(row)
        self.setVisible(bool(found))

    def _ask(self, problem: Problem) -> None:
        in_file = problem.file is not None and not problem.file.endswith((".yaml", ".yml"))
        self.place_asked.emit(problem.node or "", (problem.file if in_file else problem.field) or "", (problem.line or 0) if in_file else 0)


class _ProblemRow(QFrame):
    asked = Signal(object)

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem
        self.setProperty("role", "bar")
        self.setProperty("tone", "bad" if problem.severity == "error" else "warn")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        message, fix = tr_data(problem.message), tr_data(problem.fix)
        self.setAccessibleName(f"{message} {fix}")
        mark = QLabel()
        theme = current()
        color = theme.bad if problem.severity == "error" else theme.warn
        mark.setPixmap(icon("warning-circle" if problem.severity == "error" else "warning", color).pixmap(QSize(14, 14)))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(message, "", wrap=True))
        if fix:
            words.addWidget(label(fix, "small", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(self._problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit(self._problem)
        else:
            super().keyPressEvent(event)
