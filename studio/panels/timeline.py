"""The Run pane: the inputs of the next run, and how the shown run went, a line a node: who waited for what, what was reused and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.inputs_form import InputsForm
from flowloom.studio.panels.timeline_model import ROW, BarDelegate, TimelineModel, WordsDelegate
from flowloom.studio.run.fixes import fixes, place_of
from flowloom.studio.run.words import run_words
from flowloom.studio.theme import theme

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Workspace

TICK_MS: Final = 100
"""How often the bars of running nodes grow."""


class TimelinePanel(QWidget):
    """``form`` holds the inputs of the next run."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._runner: Runner | None = None
        self._fixes: list[QPushButton] = []
        self.setProperty("role", "panel")
        self.form = InputsForm(workspace, self)
        self.model = TimelineModel(self)
        self.table = self._table()
        self._fault, self._fault_words, self._fix_row = self._fault_bar()
        right = QWidget(self)
        right.setProperty("role", "panel")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._fault)
        self._stack = QStackedWidget(right)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._padded(self.table))
        column.addWidget(self._stack, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.form)
        split.addWidget(right)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setSizes([240, 900])
        split.splitterMoved.connect(self._share)
        self.form.setMinimumWidth(180)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        workspace.page_changed.connect(self._page)
        workspace.selection_changed.connect(self._selected)
        theme.themes().changed.connect(self._redraw)
        self._page()

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName(tr("Steps of the run"))
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW)
        table.verticalHeader().setMinimumSectionSize(ROW)
        table.horizontalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setItemDelegateForColumn(1, BarDelegate(self.model, table))
        table.setItemDelegateForColumn(2, WordsDelegate(self.model, table))
        table.selectionModel().currentRowChanged.connect(self._chosen)
        table.activated.connect(self._opened)
        return table

    def _padded(self, widget: QWidget) -> QWidget:
        holder = QWidget(self)
        holder.setProperty("role", "panel")
        row = QHBoxLayout(holder)
        row.setContentsMargins(8, 4, 4, 4)
        row.addWidget(widget)
        return holder

    def _fault_bar(self) -> tuple[QFrame, QLabel, QHBoxLayout]:
        bar = QFrame(self)
        bar.setProperty("role", "bar")
        bar.setProperty("tone", "bad")
        words = QLabel("", bar)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(words, 1)
        bar.hide()
        return bar, words, row

    def _empty(self) -> QWidget:
        page = QWidget(self)
        page.setProperty("role", "panel")
        words = QLabel(tr("Here you will see how a run goes: which step waited for what, how long each took, and what was reused."), page)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        button = QPushButton(tr("Run the flow"), page)
        button.setProperty("kind", "primary")
        button.clicked.connect(partial(self._workspace.do, "run.run"))
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(words)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self, *_moved: int) -> None:
        """Names and bars get their share of the width, the words the rest."""
        width = self.table.viewport().width()
        self.table.setColumnWidth(0, max(80, min(240, width * 26 // 100)))
        self.table.setColumnWidth(1, max(48, width * (34 if width > 600 else 22) // 100))

    # Following what runs

    def _page(self) -> None:
        page = self._workspace.page
        runner = page.parts.get("runner") if page is not None else None
        if runner is not self._runner:
            if self._runner is not None:
                for signal, slot in self._slots(self._runner):
                    signal.disconnect(slot)
            self._runner = runner
            if runner is not None:
                for signal, slot in self._slots(runner):
                    signal.connect(slot)
        self._show()

    def _slots(self, runner: Runner) -> list[tuple[Any, Any]]:
        return [(runner.view_changed, self._show), (runner.changed, self._changed), (runner.finished, self._finished), (runner.refused, self._refused)]

    def _show(self) -> None:
        view = self._runner.view if self._runner is not None else None
        self.model.show(view, self._workspace.document)
        self._stack.setCurrentIndex(0 if view is None else 1)
        self._share()
        self._timer.start() if view is not None and view.running else self._timer.stop()
        self._tell()
        self._selected()

    def _changed(self, names: set[str]) -> None:
        if self._runner is not None and self._runner.view is self._runner.last:
            self.model.update(names)

    def _finished(self) -> None:
        self._timer.stop()
        self._tick()
        self._tell()

    def _tick(self) -> None:
        """Let the bars of what runs grow, and the words beside the tabs follow."""
        self.table.viewport().update()
        self._note()

    def _redraw(self, _theme: object) -> None:
        self.table.viewport().update()

    def _tell(self) -> None:
        """The bar above the lines says what went wrong, with what can be done."""
        self._note()
        view, document = self.model.view, self.model.document
        fault = view.error if view is not None and view.status == "failed" else None
        if fault is None or document is None:
            self._fault.hide()
            return
        self._say(fault.message, fault.hint)
        for fix in fixes(fault, document)[:2]:
            self._button(fix.title, partial(fix.run, self._workspace))

    def _refused(self, error: Any) -> None:
        self._say(error.message, error.hint)

    def _say(self, message: str, hint: str) -> None:
        for button in self._fixes:
            self._fix_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._fixes = []
        self._fault_words.setText("\n".join(tr_data(part) for part in (message, hint) if part))
        self._fault.show()

    def _button(self, title: str, run: Any) -> None:
        button = QPushButton(title, self._fault)
        button.clicked.connect(lambda _checked=False: run())
        self._fix_row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._fixes.append(button)

    def _note(self) -> None:
        bottom = self._workspace.parts.get("bottom")
        if bottom is not None:
            view = self.model.view
            bottom.set_note(run_words(view, self._runner.runs if self._runner is not None else 0) if view is not None else "")

    # Choosing

    def _chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        page = self._workspace.page
        if page is None or not current.isValid() or not self.table.hasFocus():
            return
        name = self.model.name(current.row()).partition("/")[0]
        if name in page.document.flow.nodes and self._workspace.selection != (name,):
            page.scene.select([name])

    def _opened(self, index: QModelIndex) -> None:
        """Enter or a double click leads to the place on the canvas."""
        node, document = self.model.node(index.row()), self.model.document
        if node is not None and node.error is not None and document is not None:
            self._workspace.place_asked.emit(*place_of(node.error, document))
        else:
            self._workspace.place_asked.emit(self.model.name(index.row()).partition("/")[0], "", 0)

    def _selected(self) -> None:
        row = self.model.row_of(self._workspace.current_node or "")
        if row >= 0:
            self.table.selectRow(row)
        elif not self.table.hasFocus():
            self.table.clearSelection()
