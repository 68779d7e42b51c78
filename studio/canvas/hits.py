"""What lies under a point of the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from flowloom.studio.canvas.cards import PortRef, Wire
from flowloom.studio.canvas.frame_item import EDGE
from flowloom.studio.canvas.wire_item import end_near

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

HitKind = Literal[
    "port", "card", "title", "fold", "fix", "wire", "wire_end", "frame", "frame_title", "frame_edge", "note", "note_edge", "empty"
]


class Hit(NamedTuple):
    """``id`` is the card's, frame's or note's; ``port`` is set for ``port``, ``wire`` for ``wire`` and ``wire_end``."""

    kind: HitKind
    id: str = ""
    port: PortRef | None = None
    wire: Wire | None = None


EMPTY_HIT = Hit("empty")


def hit(scene: CanvasScene, point: QPointF, slack: float = 0) -> Hit:
    """The uppermost thing at a point of the scene; ``slack`` widens ports and wires, in canvas units.

    Ports are above cards, cards above wires, those above notes, and frames are taken by their title or their edge, or anywhere within.
    """
    return _card(scene, point, slack) or _wire(scene, point, slack) or _note(scene, point, slack) or _frame(scene, point, slack) or EMPTY_HIT


def _card(scene: CanvasScene, point: QPointF, slack: float) -> Hit | None:
    found: Hit | None = None
    for item in reversed(scene.cards_at(point, 16 + slack)):
        inner = item.geometry.hit(point - item.pos(), slack)
        if inner is None:
            continue
        if inner.kind == "port" and inner.row is not None:
            return Hit("port", item.card.id, inner.row.ref(item.card.id))
        if found is None and item.card_rect.contains(point):
            found = Hit(inner.kind, item.card.id)
            if inner.kind != "port":
                # A port of a card below does not shine through this one.
                return found
    return found


def _wire(scene: CanvasScene, point: QPointF, slack: float) -> Hit | None:
    key = scene.wire_at(point, 6 + slack)
    if key is None:
        return None
    item = scene.wire_items[key]
    return Hit("wire_end" if end_near(item.route, point) else "wire", key.card, None, item.wire)


def _note(scene: CanvasScene, point: QPointF, slack: float) -> Hit | None:
    for item in reversed(scene.note_items.values()):
        if item.area.contains(point):
            return Hit("note_edge" if _at_corner(item.area, point, slack) else "note", item.note.id)
    return None


def _frame(scene: CanvasScene, point: QPointF, slack: float) -> Hit | None:
    reach = EDGE + slack
    for item in reversed(scene.frame_items.values()):
        area = item.area
        if not area.adjusted(-reach / 2, -reach / 2, reach / 2, reach / 2).contains(point):
            continue
        if not area.adjusted(reach / 2, reach / 2, -reach / 2, -reach / 2).contains(point):
            return Hit("frame_edge", item.frame.id)
        if item.title_rect.contains(point):
            return Hit("frame_title", item.frame.id)
        return Hit("frame", item.frame.id)
    return None


def _at_corner(area: QRectF, point: QPointF, slack: float) -> bool:
    """Whether a point is at the right or lower edge of a note."""
    reach = EDGE + slack
    return point.x() >= area.right() - reach or point.y() >= area.bottom() - reach
