"""How a run went as rows: what each node did, when, and how that is painted."""

from __future__ import annotations

from collections.abc import Iterable
from time import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flowloom.studio.language import tr
from flowloom.studio.run.words import node_words, title_of
from flowloom.studio.theme import theme

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import NodeView, RunView

ROW: Final = 28
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
        return QSize(200, ROW)

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


def _ordered(names: Iterable[str]) -> list[str]:
    """What a node calls comes right after it."""
    order: dict[str, int] = {}
    for name in names:
        order.setdefault(name.partition("/")[0], len(order))
    return sorted(names, key=lambda name: (order[name.partition("/")[0]], name.count("/") > 0))
