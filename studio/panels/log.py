"""What the flow's code printed and logged in the run that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from flowloom.studio.language import tr
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import code_font

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

MOST_LINES: Final = 10_000
WAIT_MS: Final = 100


class LogPanel(QWidget):
    """Lines of the shown run, in the order they came, of all nodes or of one."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        self._shown: dict[str, int] = {}
        self._run: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        self.nodes = QComboBox(self)
        self.nodes.setAccessibleName(tr("Whose lines"))
        self.nodes.setMinimumWidth(180)
        self.nodes.activated.connect(self._again)
        self.copy_button = QPushButton(tr("Copy all"), self)
        self.copy_button.clicked.connect(self._copy)
        row.addWidget(self.nodes)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        column.addLayout(row)
        self._stack = QStackedWidget(self)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setProperty("role", "bare")
        self.text.setFont(code_font())
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setAccessibleName(tr("Log"))
        self.empty = EmptyPane("terminal", tr("Nothing was logged"), tr("What your Python tools print and log in a run will be here."), self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.text)
        column.addWidget(self._stack, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.refresh)
        workspace.page_changed.connect(self._page_changed)
        theme.themes().changed.connect(self._again)
        self._page_changed()

    def _page_changed(self) -> None:
        if self._page is not None and (runner := self._page.parts.get("runner")) is not None:
            runner.changed.disconnect(self._soon)
            runner.view_changed.disconnect(self._soon)
        self._page = self._workspace.page
        if self._page is not None and (runner := self._page.parts.get("runner")) is not None:
            runner.changed.connect(self._soon)
            runner.view_changed.connect(self._soon)
        self._again()

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _again(self) -> None:
        self._run = None
        self.refresh()

    def refresh(self) -> None:
        """Add what came since."""
        runner = self._page.parts.get("runner") if self._page is not None else None
        view = runner.view if runner is not None else None
        if view is not self._run or view is None:
            self.text.clear()
            self._shown = {}
            self._run = view
        self._list_nodes(view)
        if view is not None:
            wanted = self.nodes.currentData()
            for name, node in list(view.nodes.items()):
                if wanted and name != wanted:
                    continue
                for line in node.logs[self._shown.get(name, 0) :]:
                    self._add(name, line)
                self._shown[name] = len(node.logs)
            if not wanted:
                for line in view.logs[self._shown.get("", 0) :]:
                    self._add(tr("the flow"), line)
                self._shown[""] = len(view.logs)
        self._stack.setCurrentWidget(self.empty if self.text.document().isEmpty() else self.text)
        self.copy_button.setVisible(self._stack.currentWidget() is self.text)
        self.nodes.setVisible(self.nodes.count() > 1)

    def _list_nodes(self, view: object) -> None:
        names = [name for name, node in view.nodes.items() if node.logs] if view is not None else []  # pyright: ignore[reportAttributeAccessIssue]
        if [self.nodes.itemData(index) for index in range(1, self.nodes.count())] == names and self.nodes.count():
            return
        chosen = self.nodes.currentData()
        self.nodes.clear()
        self.nodes.addItem(tr("All nodes"), "")
        for name in names:
            self.nodes.addItem(name, name)
        self.nodes.setCurrentIndex(max(self.nodes.findData(chosen), 0) if chosen else 0)

    def _add(self, name: str, line: object) -> None:
        shown = theme.current()
        level = str(getattr(line, "level", "") or "").lower()
        color = shown.bad if level in ("error", "critical") or getattr(line, "stream", "") == "stderr" else shown.text
        color = shown.warn if level == "warning" else color
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        cursor = self.text.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.text.document().isEmpty():
            cursor.insertBlock()
        quiet, plain = QTextCharFormat(), QTextCharFormat()
        quiet.setForeground(shown.muted)
        plain.setForeground(color)
        cursor.insertText(f"{name}  ", quiet)
        cursor.insertText(str(getattr(line, "text", line)).rstrip("\n"), plain)
        if at_end:
            bar.setValue(bar.maximum())

    def _copy(self) -> None:
        self.text.selectAll()
        self.text.copy()
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._workspace.say(tr("Copied."))
