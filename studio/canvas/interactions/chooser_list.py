"""The lines of a chooser: their model and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from flowloom.studio.canvas.paint_ports import paint_port
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.style import font
from flowloom.studio.theme.theme import SIZES, Theme, with_alpha

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.chooser_entry import Entry

ENTRY_ROLE: Final = int(Qt.ItemDataRole.UserRole)
ROW: Final = 30
_CHIP: Final = 20
_Index = QModelIndex | QPersistentModelIndex


class EntryModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{entry.title} · {entry.note}" if entry.note else entry.title
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or not self.entries[index.row()].enabled:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class EntryDelegate(QStyledItemDelegate):
    """A chip or a port's shape, the title, and the note in grey at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        theme = themes.current()
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.enabled and state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.sel)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        if not entry.enabled:
            painter.setOpacity(0.75)
        left = rect.left() + 8
        if _mark(painter, theme, entry, QRectF(left, rect.center().y() - _CHIP / 2 + 0.5, _CHIP, _CHIP)):
            left += _CHIP + 8
        self._words(painter, theme, entry, QRect(left, rect.top(), rect.right() - left - 8, rect.height()))
        painter.restore()

    def _words(self, painter: QPainter, theme: Theme, entry: Entry, room: QRect) -> None:
        painter.setFont(font())
        metrics = QFontMetrics(font())
        small = QFontMetrics(font(SIZES["tiny"]))
        wanted = metrics.horizontalAdvance(entry.title)
        note_room = max(room.width() - wanted - 16, min(80, room.width() // 3)) if entry.note else 0
        title_room = room.width() - (min(note_room, small.horizontalAdvance(entry.note)) + 12 if entry.note else 0)
        painter.setPen(theme.text if entry.enabled else theme.faint)
        middle = Qt.AlignmentFlag.AlignVCenter
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, title_room)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, title)
        if entry.note:
            painter.setFont(font(SIZES["tiny"]))
            painter.setPen(theme.faint)
            note = small.elidedText(entry.note, Qt.TextElideMode.ElideRight, note_room)
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, note)


def _mark(painter: QPainter, theme: Theme, entry: Entry, box: QRectF) -> bool:
    """Draw what stands before the title; False where nothing does."""
    ratio = painter.device().devicePixelRatioF()
    if entry.kind:
        color = theme.kind(entry.kind)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(color, 0.2))
        painter.drawRoundedRect(box, 5, 5)
        painter.drawPixmap(box.topLeft() + QPointF(4, 4), pixmap(entry.icon, color, 12, ratio))
    elif entry.color:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.palette.get(entry.color, theme.border))
        painter.drawEllipse(box.center(), 6, 6)
    elif entry.icon:
        painter.drawPixmap(box.topLeft() + QPointF(3, 3), pixmap(entry.icon, theme.muted, 14, ratio))
    elif entry.port_type:
        paint_port(painter, box.center(), entry.port_type, theme.type(entry.port_type), theme.surface, filled=True)
    else:
        return False
    return True
