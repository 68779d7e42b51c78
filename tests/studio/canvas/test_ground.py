"""The dots of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from flowloom.studio.canvas.ground import SPACING
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.theme import theme


def test_dots_stand_on_the_grid_and_move_with_the_canvas(view: CanvasView) -> None:
    view.set_zoom(1)
    view.look_at(QPointF(-4800, -4800))
    for _ in range(2):
        seen = view.viewport().grab().toImage()
        at = view.mapFromScene(QPointF(-200 * SPACING, -200 * SPACING))
        dots = [seen.pixelColor(at.x() + dx, at.y() + dy) for dx in (-1, 0) for dy in (-1, 0)]
        assert all(dot != theme.current().canvas for dot in dots)
        assert seen.pixelColor(at.x() + SPACING // 2, at.y() + SPACING // 2) == theme.current().canvas
        view.pan_by(7, 5)


def test_from_afar_dots_do_not_crowd(view: CanvasView) -> None:
    view.set_zoom(0.1)
    view.look_at(QPointF(-48000, -48000))
    seen = view.viewport().grab().toImage()
    plain = theme.current().canvas
    row = [any(seen.pixelColor(x, y) != plain for y in range(200, 240)) for x in range(200)]
    assert sum(row) < 60
