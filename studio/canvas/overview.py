"""The whole canvas from afar: each card a coloured block, each wire a line. Drawn in one go, without items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from flowloom.studio.canvas.paint_text import BOLD, Style, elided, font
from flowloom.studio.theme.theme import Theme, mixed, with_alpha

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

BELOW: Final = 0.35
"""The zoom below which a canvas is drawn this way."""
FAR_TITLE: Final[Style] = (13, BOLD)


def paint_overview(painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme) -> None:
    """Draw all of the scene that lies in ``exposed``, with a painter in the scene's coordinates."""
    zoom = painter.worldTransform().m11()
    _frames(painter, scene, exposed, theme, zoom)
    _wires(painter, scene, exposed, theme)
    _cards(painter, scene, exposed, theme, zoom)


def _frames(painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme, zoom: float) -> None:
    for item in scene.frame_items.values():
        area = item.area
        if not area.intersects(exposed):
            continue
        color = theme.palette.get(item.frame.color, theme.faint)
        painter.setPen(_thin(theme.accent if item.chosen else with_alpha(color, 0.5)))
        painter.setBrush(with_alpha(color, 0.09))
        painter.drawRect(area)
        if item.frame.title and area.width() * zoom > 40:
            _caption(painter, item.frame.title, area, theme, zoom)
    for note in scene.note_items.values():
        if note.area.intersects(exposed):
            color = theme.palette.get(note.note.color, theme.palette["yellow"])
            painter.fillRect(note.area, mixed(theme.surface, color, 0.35))


def _caption(painter: QPainter, words: str, area: QRectF, theme: Theme, zoom: float) -> None:
    """A frame's title, as large on the screen as ever."""
    painter.save()
    corner = painter.worldTransform().map(area.topLeft())
    painter.resetTransform()
    painter.setFont(font(FAR_TITLE))
    painter.setPen(theme.muted)
    room = area.width() * zoom - 12
    box = QRectF(corner.x() + 6, corner.y() + 4, room, 18)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(words, FAR_TITLE, room))
    painter.restore()


def _wires(painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme) -> None:
    left, top, right, bottom = exposed.getCoords()
    plain: list[QLineF] = []
    lit: list[QLineF] = []
    for item in scene.wire_items.values():
        if not item.isVisible():
            continue
        cubics = item.route.cubics
        shift = item.pos()
        x0, y0 = cubics[0].x0 + shift.x(), cubics[0].y0 + shift.y()
        x3, y3 = cubics[-1].x3 + shift.x(), cubics[-1].y3 + shift.y()
        if (x0 < left and x3 < left) or (x0 > right and x3 > right) or (y0 < top and y3 < top) or (y0 > bottom and y3 > bottom):
            continue
        (plain if item.state == "idle" else lit).append(QLineF(x0, y0, x3, y3))
    painter.setPen(_thin(with_alpha(theme.faint, 0.45)))
    painter.drawLines(plain)
    painter.setPen(_thin(theme.accent))
    painter.drawLines(lit)


def _cards(painter: QPainter, scene: CanvasScene, exposed: QRectF, theme: Theme, zoom: float) -> None:
    blocks: dict[str, list[QRectF]] = {}
    states: dict[str, list[QRectF]] = {}
    chosen: list[QRectF] = []
    for item in scene.card_items.values():
        at, geometry = item.pos(), item.geometry
        rect = QRectF(at.x(), at.y(), geometry.width, geometry.height)
        if not exposed.intersects(rect):
            continue
        blocks.setdefault(item.card.kind, []).append(rect)
        if item.marks.state in _STATES:
            states.setdefault(item.marks.state, []).append(rect)
        if item.chosen or item.card.id == scene.current:
            chosen.append(rect)
    for kind, rects in blocks.items():
        painter.setPen(_thin(with_alpha(theme.kind(kind), 0.9)))
        painter.setBrush(block_color(theme, kind))
        painter.drawRects(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    wide = 2.0 / zoom
    for state, rects in states.items():
        painter.setPen(QPen(getattr(theme, _STATES[state]), wide))
        painter.drawRects([rect.adjusted(-wide, -wide, wide, wide) for rect in rects])
    painter.setPen(QPen(theme.accent, wide))
    painter.drawRects([rect.adjusted(-wide, -wide, wide, wide) for rect in chosen])


_STATES: Final = {"running": "accent", "failed": "bad"}


def block_color(theme: Theme, kind: str) -> QColor:
    """A card from afar: its kind's colour, on the ground of the theme."""
    return mixed(theme.surface, theme.kind(kind), 0.62 if theme.dark else 0.5)


def _thin(color: QColor) -> QPen:
    pen = QPen(color, 1)
    pen.setCosmetic(True)
    return pen
