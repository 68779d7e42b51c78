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
    from flowloom.studio.canvas.card_item import CardItem
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.wire_item import WireItem

BELOW: Final = 0.35
"""The zoom below which a canvas is drawn this way."""
FAR_TITLE: Final[Style] = (13, BOLD)

_STATES: Final = {"running": "accent", "failed": "bad"}


class _Shapes:
    """Lines of wires, blocks of cards by kind, and outlines by the name of their colour."""

    def __init__(self) -> None:
        self.idle: list[QLineF] = []
        self.lit: list[QLineF] = []
        self.blocks: dict[str, list[QRectF]] = {}
        self.outlines: dict[str, list[QRectF]] = {}

    def add_wire(self, item: WireItem) -> None:
        if item.isVisible():
            at = item.pos()
            line = item.line if at.isNull() else item.line.translated(at)
            (self.idle if item.state == "idle" else self.lit).append(line)

    def add_card(self, item: CardItem, current: str | None) -> None:
        rect = QRectF(item.pos(), item.geometry.size)
        self.blocks.setdefault(item.card.kind, []).append(rect)
        if item.marks.state in _STATES:
            self.outlines.setdefault(_STATES[item.marks.state], []).append(rect)
        elif item.chosen or item.card.id == current:
            self.outlines.setdefault("accent", []).append(rect)


class Overview:
    """Keeps the lines and blocks of a scene until something of it changes; those of what is dragged apart from the others."""

    def __init__(self) -> None:
        self._revision = self._steps = -1
        self._still = _Shapes()
        self._moving = _Shapes()

    def paint(self, painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme) -> None:
        """Draw the scene with a painter in its coordinates; ``exposed`` is the part that is wanted."""
        if (scene.revision, scene.motion.steps) != (self._revision, self._steps):
            self._gather(scene, all_of_it=scene.revision != self._revision)
        _frames(painter, scene, exposed, theme)
        for shapes in (self._still, self._moving):
            painter.setPen(_thin(mixed(theme.canvas, theme.faint, 0.45)))
            painter.drawLines(shapes.idle)
            painter.setPen(_thin(theme.accent))
            painter.drawLines(shapes.lit)
        for shapes in (self._still, self._moving):
            for kind, rects in shapes.blocks.items():
                painter.setPen(_thin(theme.kind(kind)))
                painter.setBrush(block_color(theme, kind))
                painter.drawRects(rects)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for color, rects in shapes.outlines.items():
                pen = QPen(getattr(theme, color), 3)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.drawRects(rects)
        zoom = painter.worldTransform().m11()
        for item in scene.frame_items.values():
            if item.frame.title and item.area.width() * zoom > 40:
                _caption(painter, item.frame.title, item.area, theme, zoom)

    def _gather(self, scene: CanvasScene, *, all_of_it: bool) -> None:
        self._revision, self._steps = scene.revision, scene.motion.steps
        live, current = scene.motion.live, scene.current
        moving_wires = {key for name in live for key in scene.wires_at(name)}
        self._moving = _Shapes()
        for name in live:
            if (item := scene.card_items.get(name)) is not None:
                self._moving.add_card(item, current)
        for key in moving_wires:
            self._moving.add_wire(scene.wire_items[key])
        if not all_of_it:
            return
        self._still = _Shapes()
        for name, item in scene.card_items.items():
            if name not in live:
                self._still.add_card(item, current)
        for key, wire in scene.wire_items.items():
            if key not in moving_wires:
                self._still.add_wire(wire)


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
