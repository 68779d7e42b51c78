"""Wires go around cards."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from flowloom.studio.canvas.detours import Obstacles, route_around

SOURCE, TARGET = QRectF(0, 0, 200, 100), QRectF(1000, 0, 200, 100)
START, END = QPointF(200, 50), QPointF(1000, 50)


def _way(*between: QRectF) -> tuple[int, list[str]]:
    """How many curves the wire has, and which cards it runs through."""
    rects = {"from": SOURCE, "to": TARGET, **{str(number): rect for number, rect in enumerate(between)}}
    way = route_around(START, END, SOURCE, TARGET, Obstacles(rects), ("from", "to"))
    met = {name for name, rect in rects.items() for x, y in way.points(60) if rect.adjusted(1, 1, -1, -1).contains(QPointF(x, y))}
    return len(way.cubics), sorted(met)


def test_a_free_way_is_straight() -> None:
    assert _way(QRectF(500, 300, 200, 100)) == (1, [])


def test_a_card_in_the_way_is_passed() -> None:
    assert _way(QRectF(500, 0, 200, 100)) == (3, [])


def test_it_passes_on_the_shorter_side() -> None:
    rects = {"wall": QRectF(500, 20, 200, 600)}
    way = route_around(START, END, SOURCE, TARGET, Obstacles(rects), ("from", "to"))
    assert way.middle.y() < 20


def test_several_cards_are_passed_together() -> None:
    assert _way(QRectF(350, 0, 150, 100), QRectF(600, -80, 200, 180)) == (3, [])


def test_a_card_behind_the_first_is_passed_too() -> None:
    assert _way(QRectF(500, 0, 200, 100), QRectF(500, -140, 200, 130)) == (3, [])


def test_where_no_way_is_free_the_wire_is_still_there() -> None:
    walls = [QRectF(230, -3000 + 200 * row, 740, 199) for row in range(30)]
    curves, met = _way(*walls)
    assert curves >= 1
    assert met
