"""Walking over the canvas with the arrow keys: along wires where there are any, else to what lies nearest that way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt

from flowloom.studio.canvas.cards import Cards

Way = Literal["left", "right", "up", "down"]

WAYS: Final[Mapping[int, Way]] = {
    Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"
}  # fmt: skip
STEPS: Final[Mapping[Way, tuple[int, int]]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def next_card(cards: Cards, rects: Mapping[str, QRectF], current: str | None, way: Way) -> str | None:
    """The card an arrow leads to. Right follows wires from outputs, left wires to inputs; up and down go to the nearest card."""
    if current is None or current not in rects:
        return next(iter(rects), None)
    if way in ("left", "right"):
        wired = [
            wire.target.card if way == "right" else wire.source.card
            for wire in cards.wires.values()
            if (wire.source.card if way == "right" else wire.target.card) == current
        ]
        here = rects[current].center()
        known = [card for card in dict.fromkeys(wired) if card in rects and card != current]
        if known:
            return min(known, key=lambda card: (abs(rects[card].center().y() - here.y()), rects[card].x()))
    return nearest(rects, current, way)


def nearest(rects: Mapping[str, QRectF], current: str, way: Way) -> str | None:
    """What lies nearest in a direction; ways aside count double. None where nothing does."""
    here = rects[current].center()
    dx, dy = STEPS[way]
    best: tuple[float, str] | None = None
    for id, rect in rects.items():
        gap = rect.center() - here
        forward = gap.x() * dx + gap.y() * dy
        aside = abs(gap.x() * dy) + abs(gap.y() * dx)
        if id != current and forward > 1 and forward >= aside * 0.35:
            cost = forward + 2 * aside
            if best is None or cost < best[0]:
                best = (cost, id)
    return best[1] if best else None


def step(way: Way, length: float) -> QPointF:
    return QPointF(STEPS[way][0] * length, STEPS[way][1] * length)
