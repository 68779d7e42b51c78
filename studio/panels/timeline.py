"""The Run pane: the inputs of the next run, and how the shown run went, a line a node: who waited for what, what was reused and why."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from time import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.inputs_form import InputsForm
from flowloom.studio.run.fixes import fixes
from flowloom.studio.run.words import node_words, run_words, title_of
from flowloom.studio.theme import theme

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import NodeView, RunView
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Workspace

TICK_MS: Final = 100
"""How often the bars of running nodes grow."""
_ROW: Final = 28
_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class TimelineModel(QAbstractTableModel):
    """A row a node of the run; columns are its title, its bar and what is to be said of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.view: RunView | None = None
        self.document: FlowDocument | None = None
        self._names: list[str] = []
        self._rows: dict[str, int] = {}

    def show(self, view: RunView | None, document: FlowDocument | None) -> None:
        self.beginResetModel()
        self.view, self.document = view, document
        self._names = _ordered(view.nodes) if view is not None else []
        self._rows = {name: row for row, name in enumerate(self._names)}
        self.endResetModel()

    def update(self, names: Iterable[str]) -> None:
        """Nodes that look different now; new ones get a row."""
        if self.view is None:
            return
        if any(name not in self._rows for name in names):
            self.show(self.view, self.document)
            return
        rows = [self._rows[name] for name in names]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), 2))

    def name(self, row: int) -> str:
        return self._names[row]

    def row_of(self, name: str) -> int:
        return self._rows.get(name, -1)

    def node(self, row: int) -> NodeView | None:
        return self.view.nodes.get(self._names[row]) if self.view is not None else None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Step"), tr("When"), tr("What happened"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index.row())
        if node is None or self.view is None or self.document is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if index.column() == 0:
                return "    " * node.name.count("/") + title_of(self.document, node.name)
            return node_words(self.view, node, self.document) if index.column() == 2 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title_of(self.document, node.name)}: {node_words(self.view, node, self.document)}"
        return None

    def reach(self) -> tuple[float, float]:
        """When the run began, and for how many seconds the bars reach."""
        if self.view is None or self.view.started is None:
            return 0.0, 1.0
        seconds = self.view.seconds if self.view.seconds is not None else time() - self.view.started
        ends = [node.started + (node.seconds or 0.0) - self.view.started for node in self.view.nodes.values() if node.started is not None]
        return self.view.started, max([0.001, seconds, *ends])


class BarDelegate(QStyledItemDelegate):
    """Paints when a node ran: a bar on a faint track."""

    def __init__(self, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        node, document = self._model.node(index.row()), self._model.document
        if node is None or document is None:
            return
        shown = theme.current()
        area = QRectF(option.rect).adjusted(8, 0, -8, 0)  # type: ignore[attr-defined]
        track = QRectF(area.left(), area.center().y() - 4, area.width(), 8)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mixed(shown.surface, shown.text, 0.07))
        painter.drawRoundedRect(track, 4, 4)
        bar = self._bar(node, track)
        if bar is not None:
            spec = document.spec(node.name)
            color = shown.kind(spec.kind if spec is not None else "io")
            if node.status == "failed":
                color = shown.bad
            elif node.cached:
                color = shown.ok
            elif node.status == "cancelled":
                color = shown.faint
            painter.setBrush(color)
            painter.drawRoundedRect(bar, 4, 4)
        painter.restore()

    def _bar(self, node: NodeView, track: QRectF) -> QRectF | None:
        if node.status in ("waiting", "bypassed"):
            return None
        began, span = self._model.reach()
        if node.started is None:
            return QRectF(track.left(), track.top(), 6, track.height())
        seconds = node.seconds if node.ended and node.seconds is not None else max(0.0, time() - node.started)
        left = track.left() + track.width() * min(1.0, max(0.0, (node.started - began) / span))
        width = max(6.0, track.width() * min(1.0, seconds / span))
        return QRectF(min(left, track.right() - 6), track.top(), min(width, track.right() - min(left, track.right() - 6)), track.height())


class WordsDelegate(QStyledItemDelegate):
    """The words of a line, muted, or red for what failed."""

    def __init__(self, model: TimelineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        node = self._model.node(index.row())
        shown = theme.current()
        color = shown.bad if node is not None and node.status == "failed" else shown.muted
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
            option.palette.setColor(role, color)  # type: ignore[attr-defined]
        option.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]


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
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.verticalHeader().setMinimumSectionSize(_ROW)
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
        self._workspace.place_asked.emit(self.model.name(index.row()).partition("/")[0], "", 0)

    def _selected(self) -> None:
        row = self.model.row_of(self._workspace.current_node or "")
        if row >= 0:
            self.table.selectRow(row)
        elif not self.table.hasFocus():
            self.table.clearSelection()


def _ordered(names: Iterable[str]) -> list[str]:
    """What a node calls comes right after it."""
    order: dict[str, int] = {}
    for name in names:
        order.setdefault(name.partition("/")[0], len(order))
    return sorted(names, key=lambda name: (order[name.partition("/")[0]], name.count("/") > 0))
