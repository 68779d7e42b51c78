"""Room for a card in a wire."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from flowloom.studio.canvas.interactions.make_room import GAP, make_room

RECTS = {
    "source": QRectF(0, 0, 200, 100), "target": QRectF(272, 0, 200, 100), "after": QRectF(544, 300, 200, 100),
    "before": QRectF(-400, 0, 200, 100), "frame": QRectF(520, 280, 300, 200),
}  # fmt: skip


def test_what_comes_after_moves_on() -> None:
    corner, ways = make_room(RECTS, "source", "target", QRectF(136, 8, 200, 100))
    assert corner.x() >= 200 + GAP
    assert set(ways) == {"target", "after", "frame"}
    further = ways["target"][0]
    assert 272 + further >= corner.x() + 200 + GAP
    assert further % 8 == 0
    assert set(ways.values()) == {(further, 0.0)}


def test_a_card_with_room_stays() -> None:
    rects = {**RECTS, "target": QRectF(900, 0, 200, 100)}
    assert make_room(rects, "source", "target", QRectF(400, 8, 200, 100)) == (QPointF(400, 8), {})


def test_a_card_that_only_touches_one_side_moves_alone() -> None:
    rects = {**RECTS, "target": QRectF(900, 0, 200, 100)}
    corner, ways = make_room(rects, "source", "target", QRectF(150, 8, 200, 100))
    assert (corner.x() >= 200 + GAP, ways) == (True, {})


def test_beside_a_wire_that_runs_back_nothing_moves() -> None:
    assert make_room(RECTS, "target", "source", QRectF(136, 8, 200, 100))[1] == {}
