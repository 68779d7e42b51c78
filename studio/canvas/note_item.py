"""A sticky note: words beside the graph."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from flowloom.flows.document.layout import Note
from flowloom.studio.canvas.paint_text import NORMAL, Style, font, wrapped
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import Theme, mixed, with_alpha

LEAST_NOTE: Final = 64
LINE_HEIGHT: Final = 18
NOTE: Final[Style] = (13, NORMAL)


class NoteItem(QGraphicsRectItem):
    def __init__(self, note: Note) -> None:
        super().__init__()
        self.note = note
        self.chosen = False
        self.current = False
        self.at = QPointF()
        self.setZValue(2)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.set_note(note)

    def set_note(self, note: Note) -> None:
        self.note = note
        self.at = QPointF(note.x, note.y)
        self.setPos(self.at)
        self.setRect(QRectF(-8, -8, note.width + 16, note.height + 16))
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self.chosen = chosen
        self.update()

    @property
    def area(self) -> QRectF:
        """The note in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self.note.width, self.note.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paint_note(painter, self.note, themes.current(), chosen=self.chosen, current=self.current)


def paint_note(painter: QPainter, note: Note, theme: Theme, *, chosen: bool, current: bool = False) -> None:
    """Draw a note at the painter's origin."""
    color = theme.palette.get(note.color, theme.palette["yellow"])
    rect = QRectF(0, 0, note.width, note.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for step in range(4):
        painter.setPen(QPen(with_alpha(theme.shadow, theme.shadow.alphaF() * (1 - step / 4) ** 2 * 0.4), 2))
        painter.drawRoundedRect(rect.adjusted(-step, 2 - step, step, 2 + step), 6 + step, 6 + step)
    painter.setPen(QPen(theme.accent if chosen else mixed(theme.surface, color, 0.45), 1.5 if chosen else 1))
    painter.setBrush(mixed(theme.surface, color, 0.2 if theme.dark else 0.22))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, 1.5, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 9, 9)
    painter.setPen(theme.text)
    painter.setFont(font(NOTE))
    most = max(1, int((note.height - 20) // LINE_HEIGHT))
    lines = wrapped(note.text, NOTE, note.width - 24, most)
    for number, words in enumerate(lines[:most]):
        shown = f"{words}…" if number == most - 1 and len(lines) > most else words
        painter.drawText(QRectF(12, 10 + number * LINE_HEIGHT, note.width - 20, LINE_HEIGHT), Qt.AlignmentFlag.AlignVCenter, shown)
