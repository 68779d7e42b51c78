"""What is wrong with the flow and what failed in its last run, each with what mends it. Enter or a double-click leads to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.problem import Problem
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.panels.problem_fixes import ProblemFix, fix_of, lead_to, run_faults
from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row

if TYPE_CHECKING:
    from flowloom.studio.run.fixes import Fix
    from flowloom.studio.run.run_view import Fault
    from flowloom.studio.workspace import Page, Workspace


class ProblemsPanel(QWidget):
    """Failures of the last run, then problems of the flow, errors first. Below the list stands what to do about the chosen one."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        self._fix: ProblemFix | Fix | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        self.list = RowList(self)
        self.list.setAccessibleName(tr("Problems"))
        copy = QAction(tr("Copy"), self.list)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self._copy)
        self.list.addAction(copy)
        self.empty = EmptyPane("check-circle", tr("No problems"), tr("What keeps the flow from running will be listed here, with what mends it."), self)
        column.addWidget(self.list, 1)
        column.addWidget(self._make_footer())
        column.addWidget(self.empty, 1)
        self.list.chosen.connect(self.lead_to)
        self.list.pointed.connect(self._offer)
        workspace.page_changed.connect(self._page_changed)
        self._page_changed()

    def _make_footer(self) -> QFrame:
        self.footer = QFrame(self)
        column = QVBoxLayout(self.footer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QFrame(self.footer)
        line.setProperty("role", "line")
        column.addWidget(line)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        self.words = QLabel(self.footer)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.fix_button = QPushButton(self.footer)
        self.fix_button.clicked.connect(self.fix)
        row.addWidget(self.words, 1)
        row.addWidget(self.fix_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.footer.hide()
        return self.footer

    # What it lists

    def _page_changed(self) -> None:
        if self._page is not None:
            self._page.document.problems_changed.disconnect(self.refresh)
            if (runner := self._page.parts.get("runner")) is not None:
                runner.finished.disconnect(self.refresh)
                runner.view_changed.disconnect(self.refresh)
        self._page = self._workspace.page
        if self._page is not None:
            self._page.document.problems_changed.connect(self.refresh)
            if (runner := self._page.parts.get("runner")) is not None:
                runner.finished.connect(self.refresh)
                runner.view_changed.connect(self.refresh)
        QTimer.singleShot(0, self, self.refresh)

    def refresh(self) -> None:
        problems = self._page.document.problems if self._page is not None else ()
        ordered = sorted(problems, key=lambda problem: problem.severity != "error")
        rows = [*(self._fault_row(fault) for fault in run_faults(self._page)), *(self._row(problem) for problem in ordered)]
        self.list.show_rows(rows, keep=True)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._offer(self.list.current_value)

    def _row(self, problem: Problem) -> Row:
        is_error = problem.severity == "error"
        return Row(
            tr_data(problem.message), "x-circle" if is_error else "warning", color="bad" if is_error else "warn",
            words=tr_data(problem.fix), note=self._where(problem.node, problem.file, problem.line), value=problem,
        )  # fmt: skip

    def _fault_row(self, fault: Fault) -> Row:
        note = " · ".join(part for part in (self._where(fault.node), tr("last run")) if part)
        return Row(tr_data(fault.message), "warning-octagon", color="bad", words=tr_data(fault.hint), note=note, value=fault)

    def _where(self, node: str | None, file: str | None = None, line: int | None = None) -> str:
        title = ""
        if node and self._page is not None:
            card = self._page.scene.cards.cards.get(node)
            title = card.title if card is not None else node
        place = f"{file}:{line}" if file and line else file or ""
        return " · ".join(part for part in (title, place) if part)

    # What it does

    def lead_to(self, value: Any) -> None:
        """Show where a problem lies; of a failure in a run, the step that failed."""
        if isinstance(value, Problem):
            lead_to(self._workspace, value)
        elif value is not None:
            self._workspace.place_asked.emit(value.node or "", "", 0)

    def _offer(self, value: Any) -> None:
        """Show what to do about one problem."""
        self._fix = self._fix_of(value)
        self.footer.setVisible(self._fix is not None)
        if self._fix is not None:
            self.words.setText(tr_data(value.fix if isinstance(value, Problem) else value.hint))
            self.fix_button.setText(self._fix.title)
            self.fix_button.setAccessibleName(self._fix.title)

    def _fix_of(self, value: Any) -> ProblemFix | Fix | None:
        if value is None or self._page is None:
            return None
        if isinstance(value, Problem):
            return fix_of(value, self._page.document)
        from flowloom.studio.run.fixes import fixes

        return fixes(value, self._page.document)[0]

    def fix(self) -> None:
        """Do what the button below the list says."""
        if self._fix is not None:
            self._fix.run(self._workspace)

    def _copy(self) -> None:
        value = self.list.current_value
        if value is not None:
            words = str(value) if isinstance(value, Problem) else f"{value.message} {value.hint}".strip()
            QGuiApplication.clipboard().setText(words)
