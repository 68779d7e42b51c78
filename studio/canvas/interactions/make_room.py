"""Room for a card that is put into a wire: it stands right of where the wire comes from, and what comes after moves on. Pure geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF

GAP: Final = 56.0
"""Between a card and the next along a wire."""


def make_room(rects: Mapping[str, QRectF], source: str, target: str, card: QRectF) -> tuple[QPointF, dict[str, tuple[float, float]]]:
    """Where ``card``, dropped between two others, stands with room on both sides, and how far what is right of it moves.

    A card that has room already stays, and so does everything beside a wire that runs back to the left.
    """
    first, last = rects[source], rects[target]
    apart = card.adjusted(-GAP / 2, -GAP / 2, GAP / 2, GAP / 2)
    if first.right() > last.left() or not (apart.intersects(first) or apart.intersects(last)):
        return card.topLeft(), {}
    left = max(card.left(), first.right() + GAP) if apart.intersects(first) else card.left()
    if left + card.width() + GAP > last.left():
        left = min(left, first.right() + GAP)
    left = round(left / 8) * 8.0
    further = left + card.width() + GAP - last.left()
    if further <= 0:
        return QPointF(left, card.top()), {}
    further = -(-further // 8) * 8.0
    ways = {id: (further, 0.0) for id, rect in rects.items() if rect.left() >= last.left() - 1}
    return QPointF(left, card.top()), ways
