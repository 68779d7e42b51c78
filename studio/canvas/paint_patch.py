"""Shadows, glows and rings around cards, drawn once for each zoom and copied around cards of any size: soft outlines are slow to draw."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from flowloom.studio.theme.theme import with_alpha

PatchKind = Literal["shadow", "glow", "ring"]

REACH: Final = 16
"""How far a patch reaches beyond the card, in canvas units."""
INNER: Final = 14
"""How far its corners reach into the card."""


def paint_around(painter: QPainter, rect: QRectF, kind: PatchKind, color: QColor, radius: float, ratio: float = 1.0) -> None:
    """Draw a shadow, glow or ring around a rectangle. ``ratio`` is device pixels a unit of the painter's own device."""
    transform = painter.worldTransform()
    scale = transform.m11() * ratio
    patch = _patch(kind, color.rgba(), radius, scale)
    reach, side = ceil(REACH * scale), patch.width() // 2
    mapped = transform.mapRect(rect)
    left, top = round(mapped.left() * ratio) - reach, round(mapped.top() * ratio) - reach
    right, bottom = round(mapped.right() * ratio) + reach, round(mapped.bottom() * ratio) + reach
    if right - left < 2 * side or bottom - top < 2 * side:
        return
    # Edges are drawn out along one direction only: to filter them would change nothing but the time it takes.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio) if ratio != 1 else QTransform())
    wide, tall = right - left - 2 * side, bottom - top - 2 * side
    far = side + 1
    for x, sx, w, sw in ((left, 0, side, side), (left + side, side, wide, 1), (right - side, far, side, side)):
        painter.drawPixmap(QRect(x, top, w, side), patch, QRect(sx, 0, sw, side))
        painter.drawPixmap(QRect(x, bottom - side, w, side), patch, QRect(sx, far, sw, side))
    painter.drawPixmap(QRect(left, top + side, side, tall), patch, QRect(0, side, side, 1))
    painter.drawPixmap(QRect(right - side, top + side, side, tall), patch, QRect(far, side, side, 1))
    painter.setWorldTransform(transform)


@lru_cache(maxsize=48)
def _patch(kind: PatchKind, rgba: int, radius: float, scale: float) -> QPixmap:
    """A square picture whose middle row and column can be drawn out."""
    side = ceil(REACH * scale) + ceil(INNER * scale)
    pixmap = QPixmap(2 * side + 1, 2 * side + 1)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    reach = ceil(REACH * scale) / scale
    painter.scale(scale, scale)
    size = (2 * side + 1) / scale - 2 * reach
    rect = QRectF(reach, reach, size, size)
    {"shadow": _shadow, "glow": _glow, "ring": _ring}[kind](painter, rect, QColor.fromRgba(rgba), radius)
    painter.end()
    return pixmap


def _shadow(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    """Soft, and a little below: outlines that grow and fade."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    steps = 10
    for step in range(steps):
        painter.setPen(QPen(with_alpha(color, color.alphaF() * (1 - step / steps) ** 2 * 0.5), 2))
        grown = step - 1.5
        painter.drawRoundedRect(rect.adjusted(-grown, -grown, grown, grown).translated(QPointF(0, 2)), radius + grown, radius + grown)


def _glow(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    steps = 12
    for step in range(steps):
        painter.setPen(QPen(with_alpha(color, 0.26 * (1 - step / steps) ** 2), 2.2))
        reach = 1.2 * step
        painter.drawRoundedRect(rect.adjusted(-reach, -reach, reach, reach), radius + reach, radius + reach)


def _ring(painter: QPainter, rect: QRectF, color: QColor, radius: float) -> None:
    """A border with a soft, wider ring around it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(with_alpha(color, 0.3), 4))
    painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), radius + 2, radius + 2)
    painter.setPen(QPen(color, 1.6))
    painter.drawRoundedRect(rect.adjusted(0.4, 0.4, -0.4, -0.4), radius, radius)
