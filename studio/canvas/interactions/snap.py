"""Where a dragged card comes to rest: in line with others where it nearly is, else on the grid. Pure geometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLineF, QRectF

GRID: Final = 8.0
REACH: Final = 6.0
"""Pixels within which an edge jumps into line with another."""


@dataclass(frozen=True)
class Snapped:
    """``dx`` and ``dy`` are to be added; ``lines`` are the guides to show."""

    dx: float = 0.0
    dy: float = 0.0
    lines: tuple[QLineF, ...] = field(default=())


def snap(rect: QRectF, others: Iterable[QRectF], reach: float = REACH) -> Snapped:
    """Bring ``rect`` into line with the nearest edge or middle of ``others``, each way by itself, or onto the grid."""
    near = list(others)
    across = _nearest([(rect.left(), 0), (rect.center().x(), 1), (rect.right(), 2)], near, reach, upright=True)
    along = _nearest([(rect.top(), 0), (rect.center().y(), 1), (rect.bottom(), 2)], near, reach, upright=False)
    dx = across[0] if across else _to_grid(rect.left())
    dy = along[0] if along else _to_grid(rect.top())
    settled = rect.translated(dx, dy)
    lines: list[QLineF] = []
    if across:
        met = [other for other in near if _meets(other, across[1], upright=True)]
        top = min([settled.top(), *(other.top() for other in met)]) - GRID
        bottom = max([settled.bottom(), *(other.bottom() for other in met)]) + GRID
        lines.append(QLineF(across[1], top, across[1], bottom))
    if along:
        met = [other for other in near if _meets(other, along[1], upright=False)]
        left = min([settled.left(), *(other.left() for other in met)]) - GRID
        right = max([settled.right(), *(other.right() for other in met)]) + GRID
        lines.append(QLineF(left, along[1], right, along[1]))
    return Snapped(dx, dy, tuple(lines))


def _to_grid(value: float) -> float:
    return round(value / GRID) * GRID - value


def _lines(rect: QRectF, upright: bool) -> tuple[float, float, float]:
    if upright:
        return rect.left(), rect.center().x(), rect.right()
    return rect.top(), rect.center().y(), rect.bottom()


def _meets(rect: QRectF, value: float, *, upright: bool) -> bool:
    return any(abs(line - value) < 0.5 for line in _lines(rect, upright))


def _nearest(
    own: list[tuple[float, int]], others: list[QRectF], reach: float, *, upright: bool
) -> tuple[float, float] | None:
    """The shortest way to a line of another that means the same: edge to edge, middle to middle. (distance to go, the line)."""
    best: tuple[float, float] | None = None
    for other in others:
        lines = _lines(other, upright)
        for value, part in own:
            for target in (lines[part],) if part == 1 else (lines[0], lines[2]):
                if abs(target - value) <= reach and (best is None or abs(target - value) < abs(best[0])):
                    best = (target - value, target)
    return best
