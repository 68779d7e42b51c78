"""Where a dragged card comes to rest."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from flowloom.studio.canvas.interactions.snap import snap


def test_alone_it_comes_to_rest_on_the_grid() -> None:
    found = snap(QRectF(13, 6, 200, 100), [])
    assert (found.dx, found.dy) == (3, 2)
    assert found.lines == ()


def test_near_another_it_comes_into_line_and_shows_the_line() -> None:
    other = QRectF(300, 103, 200, 60)
    found = snap(QRectF(13, 100, 200, 100), [other])
    assert found.dy == 3, "the upper edges meet"
    (line,) = found.lines
    assert line.y1() == line.y2() == 103
    assert line.x1() < 13 < 500 < line.x2()


def test_middles_meet_middles() -> None:
    found = snap(QRectF(0, 0, 200, 100), [QRectF(52, 400, 100, 40)])
    assert found.dx == 2


def test_farther_than_the_reach_nothing_pulls() -> None:
    assert snap(QRectF(0, 0, 200, 100), [QRectF(7, 400, 300, 40)]).dx == 0
    assert snap(QRectF(0, 0, 200, 100), [QRectF(7, 400, 300, 40)], reach=8).dx == 7
