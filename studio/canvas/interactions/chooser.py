"""A small window on the canvas to choose one of many by typing, with the arrow keys, or with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from flowloom.studio.canvas.interactions.chooser_entry import Entry, ranked
from flowloom.studio.canvas.interactions.chooser_list import ENTRY_ROLE, EntryDelegate, EntryModel
from flowloom.studio.canvas.interactions.in_place import STAYS
from flowloom.studio.language import tr
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import with_alpha

WIDTH: Final = 340
_ROWS: Final = 8
_MARGIN: Final = 8
_SHADOW: Final = 10


class Chooser(QFrame):
    """Emits one of ``chosen`` and ``dismissed``, then goes. ``current_changed`` tells what is about to be chosen."""

    chosen = Signal(object)
    also_chosen = Signal(object)
    """Chosen with Control held."""
    dismissed = Signal()
    current_changed = Signal(object)

    def __init__(self, parent: QWidget, entries: Sequence[Entry], heading: str, placeholder: str = "", note: str = "") -> None:
        super().__init__(parent)
        self._room = parent
        self._entries = tuple(entries)
        self._over = False
        self.setObjectName("chooser")
        self.setAccessibleName(heading)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH + 2 * _SHADOW)
        title = QLabel(heading, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "muted")
        self._edit = QLineEdit(self)
        self._edit.setPlaceholderText(placeholder or tr("Type to search"))
        self._edit.setAccessibleName(heading)
        self._edit.textChanged.connect(self._search)
        self._edit.installEventFilter(self)
        # A click beside the line would otherwise give the keyboard to the canvas below.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._edit)
        self._model = EntryModel(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(EntryDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(heading)
        self._list.entered.connect(self._hovered)
        self._list.clicked.connect(self._clicked)
        selection = self._list.selectionModel()
        selection.currentChanged.connect(self._told)
        self._help = QLabel(self)
        self._help.setTextFormat(Qt.TextFormat.PlainText)
        self._help.setProperty("role", "muted")
        self._help.setWordWrap(True)
        self._help.setMaximumHeight(54)
        self._note = QLabel(note, self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("role", "tiny")
        self._note.setWordWrap(True)
        self._note.setVisible(bool(note))
        box = QVBoxLayout(self)
        inner = _SHADOW + _MARGIN
        box.setContentsMargins(inner, inner, inner, inner)
        box.setSpacing(_MARGIN)
        for widget in (title, self._edit, self._list, self._help, self._note):
            box.addWidget(widget)
        self._has_help = any(entry.help for entry in self._entries)
        self._help.setVisible(self._has_help)
        self._search("")

    # Showing

    def show_at(self, point: QPoint) -> None:
        """Appear at a point of the parent, moved so that all of it is seen."""
        self.adjustSize()
        room = self._room.rect()
        x = max(room.left(), min(point.x() - _SHADOW, room.right() - self.width()))
        y = max(room.top(), min(point.y() - _SHADOW, room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.raise_()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def entries(self) -> list[Entry]:
        """What is listed now."""
        return self._model.entries

    @property
    def current(self) -> Entry | None:
        return self._list.currentIndex().data(ENTRY_ROLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = self.rect().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_SHADOW, 0, -2):
            painter.setBrush(with_alpha(theme.shadow, theme.shadow.alphaF() * 0.16))
            painter.drawRoundedRect(body.adjusted(-step, -step + 2, step, step), 10 + step, 10 + step)
        painter.setPen(QPen(theme.borderstrong, 1))
        painter.setBrush(theme.surface)
        painter.drawRoundedRect(body.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)

    # Choosing

    def _search(self, query: str) -> None:
        self._model.set_entries(ranked(self._entries, query))
        rows = len(self._model.entries)
        first = next((row for row, entry in enumerate(self._model.entries) if entry.enabled), 0)
        self._list.setCurrentIndex(self._model.index(first, 0) if rows else QModelIndex())
        height = self._list.sizeHintForRow(0) if rows else 30
        self._list.setFixedHeight(height * min(max(rows, 1), _ROWS) + 2)
        self._told()
        if self.isVisible():
            self.adjustSize()

    def _told(self) -> None:
        entry = self.current
        if self._has_help or entry is None:
            nothing = tr("Nothing found") if not self._model.entries else ""
            self._help.setText(entry.help if entry else nothing)
            self._help.setVisible(bool(self._help.text()) or self._has_help)
        # Readers hear the line that Enter would take while the keyboard stays where one types.
        self._edit.setAccessibleDescription(f"{entry.title} {entry.note}".strip() if entry else tr("Nothing found"))
        self.current_changed.emit(entry)

    def _hovered(self, index: QModelIndex) -> None:
        if index.data(ENTRY_ROLE).enabled:
            self._list.setCurrentIndex(index)

    def _clicked(self, index: QModelIndex) -> None:
        if index.data(ENTRY_ROLE).enabled:
            self._list.setCurrentIndex(index)
            self._take(also=False)

    def _take(self, *, also: bool) -> None:
        entry = self.current
        if entry is None or not entry.enabled or self._over:
            return
        self._close()
        (self.also_chosen if also else self.chosen).emit(entry.value)
        self.deleteLater()

    def dismiss(self) -> None:
        """Go without a choice."""
        if not self._over:
            self._close()
            self.dismissed.emit()
            self.deleteLater()

    def _close(self) -> None:
        self._over = True
        self._edit.removeEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        left = isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and event.reason() not in STAYS
        if left and not self.isAncestorOf(self.window().focusWidget() or self.window()):
            self.dismiss()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(also=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self._step(1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self._step(-1)
        elif key == Qt.Key.Key_PageDown:
            self._step(_ROWS)
        elif key == Qt.Key.Key_PageUp:
            self._step(-_ROWS)
        else:
            return False
        return True

    def _step(self, way: int) -> None:
        """To the next line that can be chosen, around the ends for a single step."""
        entries = self._model.entries
        usable = [row for row, entry in enumerate(entries) if entry.enabled]
        if not usable:
            return
        row = self._list.currentIndex().row()
        if abs(way) == 1:
            position = usable.index(row) if row in usable else -1
            row = usable[(position + way) % len(usable)]
        else:
            row = min(usable, key=lambda found: abs(found - (row + way)))
        self._list.setCurrentIndex(self._model.index(row, 0))

    # What happens over the chooser is not meant for the canvas below.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()


def choose(
    parent: QWidget, entries: Sequence[Entry], heading: str, at: QPoint, chosen: Callable[[Any], None],
    *, done: Callable[[], None] | None = None, also: Callable[[Any], None] | None = None,
    current: Callable[[Any], None] | None = None, placeholder: str = "", note: str = "",
) -> Chooser:  # fmt: skip
    """Open a chooser. ``done`` is called in the end whatever was chosen, ``current`` with each value as it becomes the current one."""
    chooser = Chooser(parent, entries, heading, placeholder, note)

    def finish(value: Any, then: Callable[[Any], None]) -> None:
        if done is not None:
            done()
        then(value)

    chooser.chosen.connect(lambda value: finish(value, chosen))
    chooser.also_chosen.connect(lambda value: finish(value, also or chosen))
    if done is not None:
        chooser.dismissed.connect(done)
    if current is not None:
        chooser.current_changed.connect(lambda entry: current(entry.value if entry else None))
    chooser.show_at(at)
    if current is not None and chooser.current is not None:
        current(chooser.current.value)
    return chooser
