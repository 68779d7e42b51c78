"""A list of words that fit where the cursor stands. It lies over the window and never takes the keyboard from the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from flowloom.studio.language import tr
from flowloom.studio.theme.theme import current

_ROW = 24
_ROWS = 8


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` is inserted, ``detail`` says what it is; ``key`` is for whoever offered it."""

    text: str
    detail: str = ""
    key: object = None


def fitting(offers: Sequence[Completion], typed: str) -> list[Completion]:
    """Those that begin with what was typed, then those that hold it; letter case does not count."""
    word = typed.lower()
    first = [offer for offer in offers if offer.text.lower().startswith(word) and offer.text != typed]
    return first + [offer for offer in offers if word and word in offer.text.lower() and offer not in first and offer.text != typed]


class CompletionList(QListWidget):
    """Shown by its editor, which hands it the keys that belong to it."""

    chosen = Signal(object)
    """The Completion."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(tr("Suggestions"))
        self.setObjectName("completions")
        self.setUniformItemSizes(True)
        self.itemClicked.connect(lambda item: self._choose(item))

    def offer(self, offers: Sequence[Completion], where: QRect) -> None:
        """Show the words below ``where``, a rectangle of the editor's viewport; hide where there are none."""
        self.clear()
        if not offers:
            self.hide()
            return
        for offer in offers[:60]:
            item = QListWidgetItem(offer.text)
            item.setData(Qt.ItemDataRole.UserRole, offer)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.text}, {offer.detail}" if offer.detail else offer.text)
            self.addItem(item)
        self.setCurrentRow(0)
        self._place(where)
        self.show()
        self.raise_()

    def _place(self, where: QRect) -> None:
        window = self._editor.window()
        if self.parent() is not window:
            self.setParent(window)
        metrics = self.fontMetrics()
        offers = [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]
        wanted = max(metrics.horizontalAdvance(f"{offer.text}    {offer.detail}") for offer in offers) + 36
        width = max(160, min(wanted, 380, window.width() - 8))
        height = min(len(offers), _ROWS) * _ROW + 10
        corner = self._editor.viewport().mapTo(window, where.bottomLeft() + QPoint(0, 4))
        below, above = window.height() - corner.y() - 4, corner.y() - where.height() - 12
        height = max(_ROW + 10, min(height, max(below, above)))
        if height > below:
            corner.setY(corner.y() - height - where.height() - 8)
        corner.setX(max(4, min(corner.x(), window.width() - width - 4)))
        self.setGeometry(QRect(corner, QSize(width, height)))

    def handle_key(self, key: int) -> bool:
        """Take a key that moves in the list, chooses or closes; False leaves it to the editor."""
        if not self.isVisible():
            return False
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.setCurrentRow((self.currentRow() + step) % self.count())
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            item = self.currentItem()
            if item is not None:
                self._choose(item)
                return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _choose(self, item: QListWidgetItem) -> None:
        self.hide()
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class _Delegate(QStyledItemDelegate):
    """The word on the left, what it is on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        theme = current()
        offer: Completion = index.data(Qt.ItemDataRole.UserRole)  # pyright: ignore[reportAttributeAccessIssue]
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.sel)
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 4, 4)
        inner = rect.adjusted(10, 0, -10, 0)
        metrics = painter.fontMetrics()
        painter.setPen(theme.text)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, offer.text)
        room = inner.width() - metrics.horizontalAdvance(offer.text) - 16
        if offer.detail and room > 24:
            painter.setPen(theme.muted)
            words = metrics.elidedText(offer.detail, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        painter.restore()
