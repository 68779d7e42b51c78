"""A search field over a list, floating above the window: for the palette and for finding."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon


class SearchPopup(QDialog):
    """Type to search, arrows to move, Enter to choose, Escape to leave. Subclasses give ``found(text)`` and take ``choose(value)``."""

    def __init__(self, parent: QWidget, name: str, hint: str, nothing: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._nothing = nothing
        self._most = 440
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = QFrame(self)
        frame.setProperty("role", "popup")
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(4)
        self.field = QLineEdit(frame)
        self.field.setProperty("role", "search")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.addAction(icon("magnifying-glass", theme.current().muted), QLineEdit.ActionPosition.LeadingPosition)
        self.list = RowList(frame, height=32)
        self.list.setAccessibleName(name)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = QLabel(frame)
        self.words.setProperty("role", "small")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setContentsMargins(16, 12, 16, 12)
        self.words.hide()
        column.addWidget(self.field)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self.refresh)
        self.list.chosen.connect(self._choose)
        self.list.clicked.connect(lambda index: self._choose_row(self.list.row_at(index)))

    def found(self, text: str) -> list[Row]:
        raise NotImplementedError

    def choose(self, value: object) -> None:
        raise NotImplementedError

    def open_over(self, text: str = "", *, width: int = 620, height: int = 440, right: bool = False) -> None:
        """Show it near the top of the window, in the middle or at the right of its parent."""
        parent = self.parentWidget()
        assert parent is not None
        width, height = min(width, parent.width() - 32), min(height, parent.height() - 80)
        self._most = height
        self.resize(width, height)
        x = parent.width() - width - 16 if right else (parent.width() - width) // 2
        self.move(parent.mapToGlobal(QPoint(x, 12 if right else 56)))
        self.field.setText(text)
        self.refresh()
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    def refresh(self) -> None:
        text = self.field.text().strip()
        rows = self.found(text)
        self.list.show_rows(rows)
        self.list.point_first()
        self.words.setText(self._nothing.format(text=text) if not rows and text else "")
        self.words.setVisible(bool(self.words.text()))
        content = sum(self.list.sizeHintForRow(index) for index in range(len(rows)))
        words = self.words.sizeHint().height() + 4 if self.words.text() else 0
        self.resize(self.width(), min(self.field.sizeHint().height() + content + words + 22, self._most))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                for _ in range(8):
                    self.list.step(1 if key == Qt.Key.Key_PageDown else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose_row(self.list.row_at(self.list.currentIndex()))
                return True
        return super().eventFilter(watched, event)

    def _choose_row(self, row: Row | None) -> None:
        if row is not None and not row.heading:
            self._choose(row.value)

    def _choose(self, value: object) -> None:
        self.close()
        self.choose(value)
