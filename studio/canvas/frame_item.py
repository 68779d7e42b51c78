"""A frame: a titled area behind cards that belong together."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from flowloom.flows.document.layout import Frame
from flowloom.studio.canvas.paint_text import BOLD, Style, elided, font
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import Theme, with_alpha

TITLE_HEIGHT: Final = 32
LEAST: Final = 96
EDGE: Final = 8
"""How far from its edge a frame or note is taken hold of to change its size."""
FRAME_TITLE: Final[Style] = (15, BOLD)


class FrameItem(QGraphicsRectItem):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.chosen = False
        self.current = False
        self.at = QPointF()
        self.setZValue(0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.set_frame(frame)

    def set_frame(self, frame: Frame) -> None:
        self.frame = frame
        self.at = QPointF(frame.x, frame.y)
        self.setPos(self.at)
        self.setRect(QRectF(-6, -6, frame.width + 12, frame.height + 12))
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self.chosen = chosen
        self.update()

    @property
    def area(self) -> QRectF:
        """The frame in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self.frame.width, self.frame.height)

    @property
    def title_rect(self) -> QRectF:
        area = self.area
        return QRectF(area.left(), area.top(), area.width(), min(TITLE_HEIGHT, area.height()))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paint_frame(painter, self.frame, themes.current(), chosen=self.chosen, current=self.current)


def paint_frame(painter: QPainter, frame: Frame, theme: Theme, *, chosen: bool, current: bool = False) -> None:
    """Draw a frame at the painter's origin."""
    color = theme.palette.get(frame.color, theme.faint)
    rect = QRectF(0, 0, frame.width, frame.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.accent if chosen else with_alpha(color, 0.45), 1.5 if chosen else 1))
    painter.setBrush(with_alpha(color, 0.07 if theme.dark else 0.09))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
    if current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, 1.5, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 15, 15)
    painter.setPen(theme.muted if frame.title else theme.faint)
    painter.setFont(font(FRAME_TITLE))
    room = frame.width - 28
    painter.drawText(QRectF(14, 2, room, TITLE_HEIGHT), Qt.AlignmentFlag.AlignVCenter, elided(frame.title, FRAME_TITLE, room))
