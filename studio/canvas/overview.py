"""The whole canvas from afar: each card a coloured block, each wire a line. Drawn in one go, without items.

Colours are opaque here: Qt draws thin lines that let through twenty times slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from flowloom.studio.canvas.paint_text import BOLD, Style, elided, font
from flowloom.studio.theme.theme import Theme, mixed

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

BELOW: Final = 0.35
"""The zoom below which a canvas is drawn this way."""
FAR_TITLE: Final[Style] = (13, BOLD)

_STATES: Final = {"running": "accent", "failed": "bad"}


class Overview:
    """Keeps the lines and blocks of a scene until something of it changes."""

    def __init__(self) -> None:
        self._revision = -1
        self._idle: list[QLineF] = []
        self._lit: list[QLineF] = []
        self._blocks: dict[str, list[QRectF]] = {}
        self._outlines: dict[str, list[QRectF]] = {}

    def paint(self, painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme) -> None:
        """Draw the scene with a painter in its coordinates; ``exposed`` is the part that is wanted."""
        if scene.revision != self._revision:
            self._revision = scene.revision
            self._gather_wires(scene)
            self._gather_cards(scene)
        _frames(painter, scene, exposed, theme)
        painter.setPen(_thin(mixed(theme.canvas, theme.faint, 0.45)))
        painter.drawLines(self._idle)
        painter.setPen(_thin(theme.accent))
        painter.drawLines(self._lit)
        for kind, rects in self._blocks.items():
            painter.setPen(_thin(theme.kind(kind)))
            painter.setBrush(block_color(theme, kind))
            painter.drawRects(rects)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, rects in self._outlines.items():
            pen = QPen(getattr(theme, color), 3)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRects(rects)
        zoom = painter.worldTransform().m11()
        for item in scene.frame_items.values():
            if item.frame.title and item.area.width() * zoom > 40:
                _caption(painter, item.frame.title, item.area, theme, zoom)

    def _gather_wires(self, scene: CanvasScene) -> None:
        self._idle, self._lit = [], []
        for item in scene.wire_items.values():
            if not item.isVisible():
                continue
            at = item.pos()
            line = item.line if at.isNull() else item.line.translated(at)
            (self._idle if item.state == "idle" else self._lit).append(line)

    def _gather_cards(self, scene: CanvasScene) -> None:
        self._blocks, self._outlines = {}, {}
        for item in scene.card_items.values():
            at, geometry = item.pos(), item.geometry
            rect = QRectF(at.x(), at.y(), geometry.width, geometry.height)
            self._blocks.setdefault(item.card.kind, []).append(rect)
            if item.marks.state in _STATES:
                self._outlines.setdefault(_STATES[item.marks.state], []).append(rect)
            elif item.chosen or item.card.id == scene.current:
                self._outlines.setdefault("accent", []).append(rect)


def _frames(painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme) -> None:
    for item in scene.frame_items.values():
        area = item.area
        if not area.intersects(exposed):
            continue
        color = theme.palette.get(item.frame.color, theme.faint)
        painter.setPen(_thin(theme.accent if item.chosen else mixed(theme.canvas, color, 0.5)))
        painter.setBrush(mixed(theme.canvas, color, 0.09))
        painter.drawRect(area)
    for note in scene.note_items.values():
        if note.area.intersects(exposed):
            color = theme.palette.get(note.note.color, theme.palette["yellow"])
            painter.fillRect(note.area, mixed(theme.surface, color, 0.35))


def _caption(painter: QPainter, words: str, area: QRectF, theme: Theme, zoom: float) -> None:
    """A frame's title above it, as large on the screen as ever."""
    painter.save()
    corner = painter.worldTransform().map(area.topLeft())
    painter.resetTransform()
    painter.setFont(font(FAR_TITLE))
    painter.setPen(theme.muted)
    room = area.width() * zoom
    box = QRectF(corner.x(), corner.y() - 20, room, 18)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(words, FAR_TITLE, room))
    painter.restore()


def block_color(theme: Theme, kind: str) -> QColor:
    """A card from afar: its kind's colour, on the ground of the theme."""
    return mixed(theme.surface, theme.kind(kind), 0.62 if theme.dark else 0.5)


def _thin(color: QColor) -> QPen:
    pen = QPen(color, 1)
    pen.setCosmetic(True)
    return pen
