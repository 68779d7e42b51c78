"""Ways for wires around the cards that stand between their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from flowloom.flows.model.flow import EMPTY
from flowloom.studio.canvas.wires import Cubic, Route, route

CELL: Final = 256.0
"""Size of the squares by which cards are found."""
AROUND: Final = 16.0
"""How far from a card a wire passes it."""
BESIDE: Final = 5.0
"""How far apart the ways of wires into neighbouring ports are."""
TRIES: Final = 3
"""How often a way is moved aside before the straight one is taken after all."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Obstacles:
    """Cards by where they are, so that those on a wire's way are found without looking at all."""

    def __init__(self, rects: Mapping[str, QRectF] = EMPTY) -> None:
        self._boxes: dict[str, Box] = {}
        self._cells: dict[tuple[int, int], dict[str, Box]] = {}
        for name, rect in rects.items():
            self.put(name, rect)

    def put(self, name: str, rect: QRectF) -> None:
        """A card stands there now."""
        box: Box = rect.getCoords()  # pyright: ignore[reportAssignmentType]
        if self._boxes.get(name) == box:
            return
        self.drop(name)
        self._boxes[name] = box
        for cell in _cells(box):
            self._cells.setdefault(cell, {})[name] = box

    def drop(self, name: str) -> None:
        """A card is gone."""
        box = self._boxes.pop(name, None)
        for cell in _cells(box) if box is not None else ():
            del self._cells[cell][name]

    def on(self, points: Iterable[tuple[float, float]], without: tuple[str, str]) -> dict[str, Box]:
        """The cards that any of the points lies in, but for two."""
        found: dict[str, Box] = {}
        for x, y in points:
            for name, box in self._cells.get((int(x // CELL), int(y // CELL)), EMPTY).items():
                if name not in without and box[0] < x < box[2] and box[1] < y < box[3]:
                    found[name] = box
        return found


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = box
    for column in range(int(left // CELL), int(right // CELL) + 1):
        for row in range(int(top // CELL), int(bottom // CELL) + 1):
            yield column, row


def route_around(
    start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Obstacles, without: tuple[str, str]
) -> Route:
    """The way from an output to an input: straight where it is free, else above or below what stands in it, where that is possible."""
    straight = route(start, end, source, target)
    if len(straight.cubics) > 1:
        return straight
    met = obstacles.on(_steps(straight), without)
    if not met:
        return straight
    x0, y0, x3, y3 = start.x(), start.y(), end.x(), end.y()
    best: tuple[int, Route] = (len(met), straight)
    for _ in range(TRIES):
        left, right = min(box[0] for box in met.values()), max(box[2] for box in met.values())
        over, under = min(box[1] for box in met.values()) - AROUND, max(box[3] for box in met.values()) + AROUND
        # Wires into neighbouring ports run side by side, not on top of each other.
        apart = (y3 - target.top()) % 120 / 24 * BESIDE
        lanes = sorted((over - apart, under + apart), key=lambda lane: abs(lane - y0) + abs(lane - y3))
        more: dict[str, Box] = {}
        for lane in lanes:
            way = _by_lane(x0, y0, x3, y3, lane, left - AROUND / 2, right + AROUND / 2)
            hits = obstacles.on(_steps(way), without) if way is not None else None
            if way is None or hits is None:
                continue
            if not hits:
                return way
            if len(hits) < best[0]:
                best = (len(hits), way)
            more = more or hits
        if not more.keys() - met.keys():
            break
        met = {**met, **more}
    return best[1]


def _steps(way: Route) -> list[tuple[float, float]]:
    """Points along a way, close enough that no card slips between them."""
    reach = abs(way.cubics[0].x0 - way.cubics[-1].x3)
    return way.points(max(8, min(40, int(reach / len(way.cubics) / 48))))


def _by_lane(x0: float, y0: float, x3: float, y3: float, lane: float, left: float, right: float) -> Route | None:
    """Out to a height, along it past the cards, and in again; None where there is no room to turn."""
    left, right = max(left, x0 + 28), min(right, x3 - 28)
    if right < left:
        middle = (left + right) / 2
        if not x0 + 20 <= middle <= x3 - 20:
            return None
        left = right = middle
    out, into = (left - x0) / 2, (x3 - right) / 2
    return Route(
        (
            Cubic(x0, y0, x0 + max(out, 18), y0, left - max(out, 18), lane, left, lane),
            Cubic(left, lane, left + (right - left) / 3, lane, right - (right - left) / 3, lane, right, lane),
            Cubic(right, lane, right + max(into, 18), lane, x3 - max(into, 18), y3, x3, y3),
        )
    )
