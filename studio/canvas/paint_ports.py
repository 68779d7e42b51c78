"""The shapes of ports: each type has one, so that colour is never alone in telling it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from flowloom.studio.theme.theme import type_group

REACH: Final = 4.5
"""Half of a port's size."""


@lru_cache(maxsize=32)
def shape(group: str) -> QPainterPath:
    """The outline of a type's port around (0, 0), by the groups of ``theme.type_group``."""
    path = QPainterPath()
    r = REACH
    if group == "number":
        path.addPolygon(QPolygonF([QPointF(0, -r - 1.5), QPointF(r - 0.5, 0), QPointF(0, r + 1.5), QPointF(-r + 0.5, 0)]))
        path.closeSubpath()
    elif group == "bool":
        path.moveTo(-r / 2 + 0.5, -r - 0.5)
        path.arcTo(QRectF(-r - 3, -r - 0.5, 2 * r + 3, 2 * r + 1), 90, -180)
        path.closeSubpath()
    elif group == "list":
        path.addRoundedRect(QRectF(-r + 0.2, -r + 0.2, 2 * r - 0.4, 2 * r - 0.4), 1, 1)
    elif group == "object":
        path.addPolygon(QPolygonF([QPointF(0, -r - 1), QPointF(r + 1, 0), QPointF(0, r + 1), QPointF(-r - 1, 0)]))
        path.closeSubpath()
    elif group == "image":
        path.addRoundedRect(QRectF(-r - 0.8, -r + 0.4, 2 * r + 1.6, 2 * r - 0.8), 1.5, 1.5)
    elif group == "connection":
        path.addRoundedRect(QRectF(-r - 0.5, -r / 2, 2 * r + 1, r), r / 2, r / 2)
    else:
        path.addEllipse(QPointF(0, 0), r, r)
    return path


def paint_port(painter: QPainter, middle: QPointF, type_name: str, color: QColor, ground: QColor, *, filled: bool) -> None:
    """Draw a port. ``ground`` parts it from the card and the wire; one that is not ``filled`` is a hollow outline."""
    group = type_group(type_name)
    outline = shape(group)
    painter.translate(middle)
    painter.setPen(QPen(ground, 4.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(ground)
    painter.drawPath(outline)
    if not filled:
        painter.setPen(QPen(color, 1.5))
        painter.drawPath(outline)
    elif group == "image":
        painter.setPen(QPen(color, 2.2))
        painter.drawPath(outline)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(0, 0), 1.2, 1.2)
    elif group == "any":
        painter.setPen(QPen(color, 2.2))
        painter.drawEllipse(QPointF(0, 0), REACH - 0.9, REACH - 0.9)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPath(outline)
    painter.translate(-middle)
