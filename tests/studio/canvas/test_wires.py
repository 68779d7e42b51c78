"""The ways of wires."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from flowloom.studio.canvas.wires import crossing, loose_route, nearest, route

SOURCE, TARGET = QRectF(0, 0, 200, 100), QRectF(400, 200, 200, 100)


def test_a_wire_to_the_right_leaves_and_arrives_level() -> None:
    way = route(QPointF(200, 50), QPointF(400, 250), SOURCE, TARGET)
    (cubic,) = way.cubics
    assert (cubic.x0, cubic.y0, cubic.x3, cubic.y3) == (200, 50, 400, 250)
    assert cubic.y1 == 50
    assert cubic.y2 == 250
    assert cubic.x1 > 200
    assert cubic.x2 < 400


def test_a_wire_to_a_card_on_the_left_bends_around_both() -> None:
    left = QRectF(-400, 0, 200, 100)
    way = route(QPointF(200, 50), QPointF(-400, 50), SOURCE, left)
    assert len(way.cubics) == 3
    for x, y in way.points(40):
        for card in (SOURCE, left):
            assert not card.adjusted(1, 1, -1, -1).contains(QPointF(x, y)), (x, y)


def test_it_passes_between_cards_where_there_is_room() -> None:
    left = QRectF(-400, 200, 200, 100)
    way = route(QPointF(200, 50), QPointF(-400, 250), SOURCE, left)
    assert way.middle.y() == 150


def test_distance_and_the_nearest_wire() -> None:
    ways = {"level": loose_route(QPointF(0, 0), QPointF(300, 0)), "lower": loose_route(QPointF(0, 40), QPointF(300, 40))}
    assert ways["level"].distance(QPointF(150, 7)) == 7
    assert nearest(ways, QPointF(150, 10), 12) == "level"
    assert nearest(ways, QPointF(150, 30), 12) == "lower"
    assert nearest(ways, QPointF(150, 20), 12) is None
    assert nearest(ways, QPointF(150, 10), 12, among=["lower"]) is None


def test_a_card_is_put_in_where_a_wire_runs_through_its_middle() -> None:
    ways = {"level": loose_route(QPointF(0, 0), QPointF(600, 0))}
    assert crossing(ways, QRectF(200, -60, 200, 120)) == "level"
    assert crossing(ways, QRectF(200, 10, 200, 120)) is None


def test_the_path_is_the_way() -> None:
    way = loose_route(QPointF(10, 20), QPointF(310, 120))
    path = way.path()
    assert (path.pointAtPercent(0), path.pointAtPercent(1)) == (QPointF(10, 20), QPointF(310, 120))
    left, top, right, bottom = way.bounds
    assert QRectF(left, top, right - left, bottom - top).adjusted(-1, -1, 1, 1).contains(path.boundingRect())
