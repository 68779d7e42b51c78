"""Flowloom's mark: three threads that meet in one, drawn in the accent."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from flowloom.studio.theme import theme


def logo(size: int, ratio: float = 1.0, color: QColor | None = None) -> QPixmap:
    """The mark ``size`` logical pixels wide, without ground."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    painter.scale(size / 16, size / 16)
    _draw(painter, color or theme.current().accent)
    painter.end()
    return made


def window_icon() -> QIcon:
    """The mark in white on a rounded ground, for task bars."""
    found = QIcon()
    for size in (16, 32, 64, 128):
        made = QPixmap(size, size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.load_theme("light").btn)
        painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22)
        painter.translate(size * 0.16, size * 0.16)
        painter.scale(size * 0.68 / 16, size * 0.68 / 16)
        _draw(painter, QColor(Qt.GlobalColor.white))
        painter.end()
        found.addPixmap(made)
    return found


def _draw(painter: QPainter, color: QColor) -> None:
    """On a field of 16 by 16."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for height in (3.0, 8.0, 13.0):
        path = QPainterPath(QPointF(4.2, height))
        path.cubicTo(QPointF(8.5, height), QPointF(7.5, 8), QPointF(11.4, 8))
        painter.drawPath(path)
    painter.setBrush(color)
    painter.setPen(Qt.PenStyle.NoPen)
    for center, radius in ((QPointF(2.8, 3), 1.7), (QPointF(2.8, 8), 1.7), (QPointF(2.8, 13), 1.7), (QPointF(13, 8), 2.4)):
        painter.drawEllipse(center, radius, radius)
