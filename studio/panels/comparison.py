"""Comparison: two past runs, node by node, with what differs marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.errors import FlowloomError
from flowloom.flows.runs.history import RunHistory
from flowloom.flows.runs.records import Comparison, NodeComparison, NodeRecord
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.elided import Elided
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.run.background import Background
from flowloom.studio.run.cost import price_words
from flowloom.studio.run.dates import when
from flowloom.studio.run.words import length, title_of
from flowloom.studio.theme import theme
from flowloom.studio.views.diff_view import DiffView
from flowloom.studio.views.tables import dress

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

COLUMNS: Final = ("node", "inputs", "output", "seconds", "tokens", "price", "changes")
_NODE_WIDTH: Final = 130
_WIDTHS: Final = {"output": 88, "inputs": 88, "changes": 150, "seconds": 110, "tokens": 100, "price": 84}
"""Columns beside the node's, those first that are needed most."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


def sameness_words(sameness: str) -> str:
    words = {
        "same": tr("same"),
        "changed": tr("different"),
        "unknown": tr("not known"),
        "only_a": tr("only in the first"),
        "only_b": tr("only in the second"),
    }
    return words.get(sameness, sameness)


def change_words(change: str) -> str:
    """What of a node differed, in words; names of settings stand as they are."""
    words = {
        "file": tr("its prompt or code"),
        "wires": tr("its wires"),
        "connection": tr("its connection"),
        "variant": tr("its variant"),
        "tool": tr("its tool"),
        "type": tr("its kind"),
    }
    return words.get(change, change)


class NodesModel(QAbstractTableModel):
    """One row for the whole, then one for each node."""

    def __init__(self, comparison: Comparison, titles: dict[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found = comparison
        self._titles = titles

    @property
    def comparison(self) -> Comparison:
        return self._found

    def node(self, row: int) -> NodeComparison | None:
        """The node of a row; None for the whole run."""
        return self._found.nodes[row - 1] if row > 0 else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._found.nodes) + 1

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = COLUMNS[index.column()]
        node = self.node(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._of_run(column) if node is None else self._of_node(node, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            shown = theme.current()
            sameness = getattr(node, column) if node is not None and column in ("inputs", "output") else None
            if sameness is not None:
                return shown.muted if sameness in ("same", "unknown") else shown.warn
            return shown.text if column == "node" else shown.muted
        if role == Qt.ItemDataRole.FontRole and node is not None and column == "node" and node.differs:
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            return bold
        if role == Qt.ItemDataRole.TextAlignmentRole and column in ("seconds", "tokens", "price"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            words = (tr("Card"), tr("Inputs"), tr("Output"), tr("Duration"), tr("Tokens"), tr("Cost"), tr("What changed in it"))
            return words[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in ("seconds", "tokens", "price") else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _of_run(self, column: str) -> str:
        a, b = self._found.a, self._found.b
        if column == "node":
            return tr("The whole flow")
        if column in ("inputs", "output"):
            differs = self._found.inputs if column == "inputs" else self._found.outputs
            return sameness_words("changed" if differs else "same")
        if column == "seconds":
            return _arrow(*(length(run.seconds) if run.seconds is not None else "" for run in (a, b)))
        if column == "tokens":
            return _arrow(*(f"{run.summary.tokens:,}" if run.summary.tokens else "" for run in (a, b)))
        if column == "price":
            return _arrow(*(price_words(run.price, 1) if run.summary.tokens else "" for run in (a, b)))
        return ""

    def _of_node(self, node: NodeComparison, column: str) -> str:
        if column == "node":
            return self._titles.get(node.node, node.node)
        if column in ("inputs", "output"):
            return sameness_words(getattr(node, column))
        if column == "seconds":
            return _arrow(*(_seconds(one) for one in (node.a, node.b)))
        if column == "tokens":
            return _arrow(*(f"{one.usage.total_tokens:,}" if one is not None and one.usage is not None else "" for one in (node.a, node.b)))
        if column == "price":
            return _arrow(*(price_words(one.price, 1) if one is not None and one.usage is not None else "" for one in (node.a, node.b)))
        return ", ".join(change_words(change) for change in node.changes)


def _seconds(node: NodeRecord | None) -> str:
    if node is None or node.status == "bypassed":
        return ""
    return tr("from cache") if node.cached else length(node.seconds)


def _arrow(a: str, b: str) -> str:
    if not a and not b:
        return ""
    return a if a == b else f"{a or '–'} → {b or '–'}"


class ComparisonPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._work = Background(self)
        self.model: NodesModel | None = None
        self.words = Elided(self)
        self.words.setProperty("role", "heading")
        self.what = QComboBox(self)
        self.what.setAccessibleName(tr("What is compared"))
        self.what.addItem(tr("Output"), "output")
        self.what.addItem(tr("Inputs"), "inputs")
        self.what.activated.connect(self._show)
        self.table = self._table()
        self.diff = DiffView(self)
        right = QWidget(self)
        room = QVBoxLayout(right)
        room.setContentsMargins(12, 0, 4, 0)
        room.addWidget(self.diff)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(right)
        self.splitter.setSizes([540, 500])
        self.splitter.splitterMoved.connect(self._lay_columns)
        full = QWidget(self)
        column = QVBoxLayout(full)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(self.words, 1)
        head.addStretch(1)
        head.addWidget(self.what)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        self.empty = EmptyPane(
            "git-diff",
            tr("Two runs side by side"),
            tr("Choose two runs in History and press Compare to see, card by card, what differed."),
            self,
            action=tr("Open History"),
            does=self._open_history,
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        workspace.page_changed.connect(self.clear)

    def compare(self, a: str, b: str) -> None:
        """Read two runs of the flow that is open, by id, and show what differed."""
        page = self._workspace.page
        if page is not None:
            history = RunHistory(page.document.root)
            self._work.forget()
            self._work.do(lambda: history.compare(a, b), self._arrived, self._failed)

    def clear(self) -> None:
        """Show nothing, as for another flow."""
        self._work.forget()
        self.table.setModel(None)
        self.model = None
        self._stack.setCurrentWidget(self.empty)

    def _arrived(self, found: Comparison) -> None:
        page = self._workspace.page
        if page is None:
            return
        titles = {node.node: title_of(page.document, node.node) for node in found.nodes}
        self.model = NodesModel(found, titles, self)
        self.table.setModel(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._show)
        self._lay_columns()
        a, b = when(found.a.started), when(found.b.started)
        self.diff.set_titles(tr("First: {when}", when=a), tr("Second: {when}", when=b))
        first = found.first_difference
        if first is None:
            self.words.say(tr("Both runs are the same, card by card."))
        else:
            self.words.say(tr("They differ from '{title}' on.", title=titles.get(first, first)))
        row = next((row for row, node in enumerate(found.nodes, start=1) if node.node == first), 0)
        self._stack.setCurrentIndex(1)
        self._lay_columns()
        self.table.selectRow(row)
        self._show()

    def _lay_columns(self) -> None:
        """As many columns as there is room for, those first that say most, without those that say nothing."""
        if self.model is None:
            return
        room = self.table.viewport().width() - _NODE_WIDTH
        rows = range(self.model.rowCount())
        for name, width in _WIDTHS.items():
            column = COLUMNS.index(name)
            texts = {self.model.index(row, column).data() for row in rows}
            shown = bool(texts - {"", None}) and not (name == "price" and texts <= {"", tr("free")}) and (room >= width or name in ("inputs", "output"))
            self.table.setColumnHidden(column, not shown)
            self.table.setColumnWidth(column, width)
            room -= width if shown else 0
        self.table.setColumnWidth(0, _NODE_WIDTH + max(0, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_columns()

    def _failed(self, error: FlowloomError) -> None:
        self._workspace.say(tr_data(error.message))
        self.clear()

    def _show(self) -> None:
        if self.model is None:
            return
        row = self.table.currentIndex().row()
        node = self.model.node(row) if row >= 0 else None
        found = self.model.comparison
        inputs = self.what.currentData() == "inputs"
        if node is None:
            runs = (found.a, found.b)
            self.diff.show_values(*((dict(run.inputs) if inputs else _alone(run.outputs)) or None for run in runs))
        else:
            self.diff.show_values(*(_value(one, inputs) for one in (node.a, node.b)))

    def _open_history(self) -> None:
        bottom = self._workspace.parts.get("bottom")
        if bottom is not None:
            bottom.show_tab("history")

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setAccessibleName(tr("Cards in both runs"))
        dress(table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        return table


def _alone(outputs: Any) -> Any:
    """One output stands for itself."""
    return next(iter(outputs.values())) if len(outputs) == 1 else dict(outputs)


def _value(node: NodeRecord | None, inputs: bool) -> Any:
    if node is None:
        return None
    if inputs:
        return dict(node.inputs) if node.inputs else None
    return tr_data(str(node.error["message"])) if node.error else node.output
