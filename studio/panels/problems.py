"""What is wrong with the flow, each with what mends it. Enter or a double-click leads to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row

if TYPE_CHECKING:
    from flowloom.flows.model.problem import Problem
    from flowloom.studio.workspace import Page, Workspace


class ProblemsPanel(QWidget):
    """Problems of the flow that is shown, errors first."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        self.list = RowList(self)
        self.list.setAccessibleName(tr("Problems"))
        copy = QAction(tr("Copy"), self.list)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self._copy)
        self.list.addAction(copy)
        self.empty = EmptyPane("check-circle", tr("No problems"), tr("What keeps the flow from running will be listed here, with what mends it."), self)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        self.list.chosen.connect(self.lead_to)
        workspace.page_changed.connect(self._page_changed)
        self._page_changed()

    def _page_changed(self) -> None:
        if self._page is not None:
            self._page.document.problems_changed.disconnect(self.refresh)
        self._page = self._workspace.page
        if self._page is not None:
            self._page.document.problems_changed.connect(self.refresh)
        QTimer.singleShot(0, self, self.refresh)

    def refresh(self) -> None:
        problems = self._page.document.problems if self._page is not None else ()
        ordered = sorted(problems, key=lambda problem: problem.severity != "error")
        self.list.show_rows([self._row(problem) for problem in ordered], keep=True)
        self.list.setVisible(bool(ordered))
        self.empty.setVisible(not ordered)

    def _row(self, problem: Problem) -> Row:
        is_error = problem.severity == "error"
        return Row(
            tr_data(problem.message), "x-circle" if is_error else "warning", color="bad" if is_error else "warn",
            words=tr_data(problem.fix), note=self._where(problem), value=problem,
        )  # fmt: skip

    def _where(self, problem: Problem) -> str:
        title = ""
        if problem.node and self._page is not None:
            card = self._page.scene.cards.cards.get(problem.node)
            title = card.title if card is not None else problem.node
        place = f"{problem.file}:{problem.line}" if problem.file and problem.line else problem.file or ""
        return " · ".join(part for part in (title, place) if part)

    def lead_to(self, problem: Problem) -> None:
        """Show the card, and the field or the line of the file that is meant."""
        document = self._workspace.document
        flow_file = document.name if document is not None else ""
        in_own_file = problem.file is not None and problem.file != flow_file
        what = problem.file if in_own_file else problem.field
        self._workspace.place_asked.emit(problem.node or "", what or "", (problem.line or 0) if in_own_file else 0)

    def _copy(self) -> None:
        if (problem := self.list.current_value) is not None:
            QGuiApplication.clipboard().setText(str(problem))
