"""A few words beside the pointer while a gesture goes on: why a port does not fit, how many wires are cut."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from flowloom.studio.theme import theme as themes


class Hint(QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(8, 4, 8, 4)
        self.setProperty("role", "small")
        self.hide()

    def tell(self, words: str, at: QPoint | None = None) -> None:
        """Say something beside a point of the viewport, or with no words be silent."""
        if not words:
            self.hide()
            return
        if words != self.text():
            self.setText(words)
            self.adjustSize()
        if at is not None:
            room = self._room.rect()
            x = min(at.x() + 16, room.right() - self.width() - 4)
            y = at.y() + 20 if at.y() + 20 + self.height() < room.bottom() else at.y() - self.height() - 12
            self.move(max(4, x), max(4, y))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.borderstrong, 1))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()
        super().paintEvent(event)
