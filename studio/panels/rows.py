"""Lists drawn by one delegate: headings, and rows with an icon chip, a title, and words at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.style import font
from flowloom.studio.theme.theme import SIZES, mixed

ROW: Final = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``kind`` colours the chip as a card's; ``color`` tints a plain icon instead. A heading has neither icon nor ``value``."""

    title: str
    icon: str = ""
    kind: str = ""
    color: str = ""
    words: str = ""
    """A second line, smaller."""
    note: str = ""
    """At the right, small."""
    heading: bool = False
    value: Any = None


class RowDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget, *, height: int = 28, tall: int = 46) -> None:
        super().__init__(parent)
        self._height, self._tall = height, tall

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row: Row | None = index.data(ROW)
        if row is None:
            return super().sizeHint(option, index)
        if row.heading:
            return QSize(60, 30 if index.row() else 24)
        return QSize(60, self._tall if row.words else self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row: Row | None = index.data(ROW)
        if row is None:
            super().paint(painter, option, index)
            return
        painter.save()
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        shown = theme.current()
        if row.heading:
            painter.setFont(font(SIZES["small"], QFont.Weight.DemiBold))
            painter.setPen(shown.muted)
            painter.drawText(rect.adjusted(12, 0, -8, -4), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, row.title)
            painter.restore()
            return
        self._ground(painter, option, rect)
        left = rect.left() + 12
        if row.icon:
            left = self._icon(painter, row, rect, left, option)
        right = rect.right() - 12
        if row.note:
            painter.setFont(font(SIZES["tiny"]))
            painter.setPen(shown.muted)
            width = min(QFontMetrics(painter.font()).horizontalAdvance(row.note), max(rect.width() // 2, 40))
            note = QFontMetrics(painter.font()).elidedText(row.note, Qt.TextElideMode.ElideRight, width + 2)
            painter.drawText(QRect(right - width, rect.top(), width, rect.height()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
            right -= width + 8
        self._texts(painter, row, QRect(left, rect.top(), max(right - left, 0), rect.height()))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        shown = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(rect).adjusted(4.5, 0.5, -4.5, -0.5)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(shown.sel)
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(shown.accent if focused else QColor(Qt.GlobalColor.transparent))
            painter.drawRoundedRect(inner, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(mixed(shown.surface, shown.text, 0.05))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(inner, 6, 6)

    def _icon(self, painter: QPainter, row: Row, rect: QRect, left: int, option: QStyleOptionViewItem) -> int:
        shown = theme.current()
        ratio = painter.device().devicePixelRatioF()
        if row.kind:
            color = shown.kind(row.kind)
            chip = QRectF(left, rect.center().y() - 9.5, 20, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(shown.surface, color, 0.2))
            painter.drawRoundedRect(chip, 5, 5)
            painter.drawPixmap(int(chip.left()) + 4, int(chip.top()) + 4, pixmap(row.icon, color, 12, ratio))
            return left + 28
        color = getattr(shown, row.color) if row.color else shown.muted
        painter.drawPixmap(left, rect.center().y() - 7, pixmap(row.icon, color, 16, ratio))
        return left + 24

    def _texts(self, painter: QPainter, row: Row, rect: QRect) -> None:
        shown = theme.current()
        painter.setPen(shown.text)
        painter.setFont(font())
        title = QFontMetrics(painter.font()).elidedText(row.title, Qt.TextElideMode.ElideRight, rect.width())
        if not row.words:
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
            return
        half = rect.height() // 2
        top = QRect(rect.left(), rect.top() + 2, rect.width(), half)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(font(SIZES["tiny"]))
        painter.setPen(shown.muted)
        words = QFontMetrics(painter.font()).elidedText(" ".join(row.words.split()), Qt.TextElideMode.ElideRight, rect.width())
        below = QRect(rect.left(), rect.top() + half - 1, rect.width(), half)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
