"""The ways of wires, as pure geometry: cubic curves, how far a point is from one, and paths that Qt draws."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final, NamedTuple, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

STEPS: Final = 12
"""Straight pieces that stand for one cubic where distances are measured."""
CLEAR: Final = 24
"""How far from cards a wire keeps that bends around them."""


class Cubic(NamedTuple):
    """Eight numbers: start, two handles, end."""

    x0: float
    y0: float
    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float

    def at(self, share: float) -> tuple[float, float]:
        rest = 1 - share
        a, b, c, d = rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3
        return a * self.x0 + b * self.x1 + c * self.x2 + d * self.x3, a * self.y0 + b * self.y1 + c * self.y2 + d * self.y3


@dataclass(frozen=True, slots=True)
class Route:
    """One wire's way: one cubic, or three around cards on its way back."""

    cubics: tuple[Cubic, ...]

    def path(self) -> QPainterPath:
        first = self.cubics[0]
        path = QPainterPath(QPointF(first.x0, first.y0))
        for _, _, x1, y1, x2, y2, x3, y3 in self.cubics:
            path.cubicTo(x1, y1, x2, y2, x3, y3)
        return path

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a box that holds the curve: that of its handles."""
        xs = [x for cubic in self.cubics for x in cubic[0::2]]
        ys = [y for cubic in self.cubics for y in cubic[1::2]]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def middle(self) -> QPointF:
        """The point half way, where words stand."""
        return QPointF(*self.cubics[len(self.cubics) // 2].at(0.5))

    def points(self, steps: int = STEPS) -> list[tuple[float, float]]:
        """The curve as straight pieces."""
        found = [(self.cubics[0].x0, self.cubics[0].y0)]
        for cubic in self.cubics:
            found += [cubic.at(step / steps) for step in range(1, steps + 1)]
        return found

    def distance(self, point: QPointF) -> float:
        """How far a point is from the curve."""
        x, y = point.x(), point.y()
        points = self.points()
        return min(_to_segment(x, y, *start, *end) for start, end in itertools.pairwise(points))


def _to_segment(x: float, y: float, x0: float, y0: float, x1: float, y1: float) -> float:
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
    return hypot(x - x0 - share * dx, y - y0 - share * dy)


def route(start: QPointF, end: QPointF, source: QRectF | None = None, target: QRectF | None = None) -> Route:
    """The way from an output to an input. With the cards' rectangles, a wire to a card on the left goes around both of them."""
    x0, y0, x3, y3 = start.x(), start.y(), end.x(), end.y()
    forward = x3 - x0
    if forward >= CLEAR or source is None or target is None:
        reach = _reach(forward, y3 - y0)
        return Route((Cubic(x0, y0, x0 + reach, y0, x3 - reach, y3, x3, y3),))
    y = _passage(y0, y3, source, target)
    # Out beside the source, back along the passage, in beside the target: each turn is round.
    turn = min(64.0, max(28.0, abs(y - y0) * 0.5))
    turn_in = min(64.0, max(28.0, abs(y - y3) * 0.5))
    right, left = x0 + 8, x3 - 8
    if right < left:
        right = left = (x0 + x3) / 2
    return Route(
        (
            Cubic(x0, y0, x0 + turn, y0, right + turn, y, right, y),
            Cubic(right, y, right - (right - left) / 3, y, left + (right - left) / 3, y, left, y),
            Cubic(left, y, left - turn_in, y, x3 - turn_in, y3, x3, y3),
        )
    )


def _reach(forward: float, across: float) -> float:
    """How far the handles stand out: half the way, no more than lets a short wire stay flat, and some for one that goes back."""
    if forward >= 0:
        return min(max(forward * 0.5, min(24.0 + abs(across) * 0.15, 48.0)), 220.0)
    return min(60.0 - forward * 0.35, 180.0)


def _passage(y0: float, y3: float, source: QRectF, target: QRectF) -> float:
    """The height at which a wire can pass between two cards, or around both on the shorter side."""
    upper, lower = (source, target) if source.center().y() <= target.center().y() else (target, source)
    if lower.top() - upper.bottom() >= CLEAR:
        return (upper.bottom() + lower.top()) / 2
    over = min(source.top(), target.top()) - CLEAR
    under = max(source.bottom(), target.bottom()) + CLEAR
    return over if (y0 - over) + (y3 - over) < (under - y0) + (under - y3) else under


def loose_route(start: QPointF, end: QPointF) -> Route:
    """The way of a wire that hangs on the pointer."""
    return route(start, end)


Key = TypeVar("Key")


def nearest(routes: Mapping[Key, Route], point: QPointF, slack: float, among: Iterable[Key] | None = None) -> Key | None:
    """The wire that lies within ``slack`` of a point, the nearest of several."""
    best: Key | None = None
    least = slack
    x, y = point.x(), point.y()
    for key in routes if among is None else among:
        found = routes[key]
        left, top, right, bottom = found.bounds
        if left - slack <= x <= right + slack and top - slack <= y <= bottom + slack:
            distance = found.distance(point)
            if distance <= least:
                best, least = key, distance
    return best


def crossing(routes: Mapping[Key, Route], rect: QRectF) -> Key | None:
    """The wire that runs through a card's rectangle nearest to its middle: where the card would be put in."""
    middle = rect.center()
    best: Key | None = None
    least = min(rect.width(), rect.height()) / 2
    for key, found in routes.items():
        left, top, right, bottom = found.bounds
        if left <= rect.right() and right >= rect.left() and top <= rect.bottom() and bottom >= rect.top():
            distance = found.distance(middle)
            if distance <= least:
                best, least = key, distance
    return best
