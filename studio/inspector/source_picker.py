"""The list of values an input can take: found by typing, chosen with Enter, each with its type and what it was in the last run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.inspector.controls import label
from flowloom.studio.inspector.sources import Offer, type_title
from flowloom.studio.language import tr
from flowloom.studio.theme import style
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.theme import SIZES, current

_ROW = 30
_TALL = 46
_MOST_HEIGHT = 360


@dataclass(frozen=True, slots=True)
class Act:
    """A choice that is no wire: ``literal`` writes a value, ``clear`` leaves the input empty, ``json`` and ``text`` change how it is written."""

    id: str
    title: str
    icon: str


class SourcePicker(QFrame):
    """Shown once; ``picked`` carries an Offer or an Act, and the list is gone."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, title: str, offers: Sequence[Offer], acts: Sequence[Act] = ()) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "float")
        self._choices: list[Offer | Act] = [*acts, *offers]
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search values"))
        self.search.setAccessibleName(tr("Search what {name} can take", name=title))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What {name} can take", name=title))
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(lambda item: self._pick(item))
        self.none = label(tr("Nothing fits that name."), "muted")
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(4)
        box.addWidget(self.search)
        box.addWidget(self.list, 1)
        box.addWidget(self.none)
        self.setFocusProxy(self.search)
        self._fill("")

    def open_below(self, widget: QWidget) -> None:
        """Show the list below a widget, as wide as it or wider."""
        width = max(300, widget.width())
        height = min(_MOST_HEIGHT, 64 + sum(self.list.sizeHintForRow(row) for row in range(max(1, self.list.count()))))
        below = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        screen = widget.screen().availableGeometry()
        if below.y() + height > screen.bottom():
            below.setY(max(screen.top(), widget.mapToGlobal(QPoint(0, 0)).y() - height - 2))
        below.setX(max(screen.left() + 4, min(below.x() + widget.width() - width, screen.right() - width - 4)))
        self.setGeometry(QRect(below, QSize(width, height)))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fill(self, text: str) -> None:
        words = text.lower().split()
        self.list.clear()
        named = [choice for choice in self._choices if words and all(word in choice.title.lower() for word in words)]
        for choice in [*named, *(choice for choice in self._choices if choice not in named)]:
            found = f"{choice.title} {choice.type} {choice.value}".lower() if isinstance(choice, Offer) else choice.title.lower()
            if all(word in found for word in words):
                item = QListWidgetItem(choice.title)
                item.setData(Qt.ItemDataRole.UserRole, choice)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(choice))
                if isinstance(choice, Offer) and choice.refusal:
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(item)
        self.none.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        first = next((row for row in range(self.list.count()) if self._is_wire(row)), 0)
        self.list.setCurrentRow(first)

    def _is_wire(self, row: int) -> bool:
        choice = self.list.item(row).data(Qt.ItemDataRole.UserRole)
        return isinstance(choice, Offer) and not choice.refusal

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                item = self.list.currentItem()
                if item is not None:
                    self._pick(item)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _step(self, step: int) -> None:
        count, row = self.list.count(), self.list.currentRow()
        for _ in range(count):
            row = (row + step) % count
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return

    def _pick(self, item: QListWidgetItem) -> None:
        choice = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(choice, Offer) and choice.refusal:
            return
        self.picked.emit(choice)
        self.close()


def _spoken(choice: Offer | Act) -> str:
    if isinstance(choice, Act):
        return choice.title
    return ", ".join(part for part in (choice.title, type_title(choice.type), choice.value, choice.refusal) if part)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        choice = index.data(Qt.ItemDataRole.UserRole)
        tall = isinstance(choice, Offer) and bool(choice.value or choice.refusal)
        return QSize(120, _TALL if tall else _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme = current()
        choice: Offer | Act = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = isinstance(choice, Offer) and bool(choice.refusal)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver) and not refused:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.sel if state & QStyle.StateFlag.State_Selected else theme.raised)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        first = QRect(rect.left() + 28, rect.top() + (4 if rect.height() > _ROW else 0), rect.width() - 36, 22 if rect.height() > _ROW else rect.height())
        right = type_title(choice.type) if isinstance(choice, Offer) else ""
        painter.setFont(style.font(SIZES["tiny"]))
        painter.setPen(theme.faint if refused else theme.muted)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        room = first.width() - (painter.fontMetrics().horizontalAdvance(right) + 8 if right else 0)
        painter.setFont(style.font(SIZES["base"]))
        painter.setPen(theme.faint if refused else theme.text)
        words = painter.fontMetrics().elidedText(choice.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        if isinstance(choice, Offer):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.faint if refused else theme.type(choice.type))
            painter.drawEllipse(QRect(rect.left() + 11, first.center().y() - 3, 7, 7))
            self._second(painter, choice, rect)
        else:
            painter.drawPixmap(rect.left() + 8, first.center().y() - 6, pixmap(choice.icon, theme.muted, 13, painter.device().devicePixelRatioF()))
        painter.restore()

    def _second(self, painter: QPainter, offer: Offer, rect: QRect) -> None:
        text = offer.refusal or offer.value
        if not text:
            return
        theme = current()
        line = QRect(rect.left() + 28, rect.top() + 24, rect.width() - 36, 18)
        painter.setFont(style.font(SIZES["tiny"]))
        painter.setPen(theme.faint if offer.refusal else theme.muted)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width()))
