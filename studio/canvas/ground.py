"""The ground of the canvas: a colour with dots on the grid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from flowloom.studio.theme.theme import Theme

SPACING: Final = 24
NEAREST: Final = 14
"""Dots closer than this many pixels are thinned out."""
TILES: Final = 8
"""How many dots one tile holds to each side: large tiles are copied faster."""


class Ground:
    """Keeps the tile that the ground is made of for the zoom it is seen at."""

    def __init__(self) -> None:
        self._tile = QPixmap()
        self._known: tuple[int, float, str, bool] | None = None

    def paint(self, painter: QPainter, exposed: QRect, offset: QPoint, zoom: float, theme: Theme) -> None:
        """Fill ``exposed``, in pixels of the viewport that shows the scene from ``offset`` on. The painter's transform stays."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        spacing = SPACING * zoom
        while spacing < NEAREST:
            spacing *= 2
        step = max(1, round(spacing))
        key = (step, ratio, theme.name, zoom >= 0.6)
        if key != self._known:
            self._known = key
            self._tile = _tile(step, ratio, theme, 1.1 if zoom >= 0.6 else 0.9)
        side = step * TILES
        painter.save()
        painter.resetTransform()
        start = QPoint((exposed.x() + offset.x() + step // 2) % side, (exposed.y() + offset.y() + step // 2) % side)
        painter.drawTiledPixmap(QRectF(exposed), self._tile, QPointF(start))
        painter.restore()


def _tile(step: int, ratio: float, theme: Theme, radius: float) -> QPixmap:
    pixmap = QPixmap(round(step * TILES * ratio), round(step * TILES * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.canvas)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.dot)
    for row in range(TILES):
        for column in range(TILES):
            painter.drawEllipse(QPointF(column * step + step / 2, row * step + step / 2), radius, radius)
    painter.end()
    return pixmap
