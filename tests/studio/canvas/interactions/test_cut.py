"""Cutting wires with a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, QPointF, Qt

from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.cut import crosses
from flowloom.studio.canvas.wires import route

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

BOTH = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def test_a_line_across_wires_cuts_them_in_one_step(canvas: Canvas) -> None:
    first = canvas.scene.port_point(PortRef("answer", "out", "output"))
    last = canvas.scene.port_point(PortRef("@outputs", "in", "answer"))
    middle = canvas.at((first + last) / 2)
    canvas.drag(middle + QPoint(-3, -90), middle + QPoint(3, 90), BOTH)
    assert PortRef("@outputs", "in", "answer") not in canvas.wires()
    assert len(canvas.wires()) == 2
    assert canvas.steps() == ["Cut one wire"]


def test_a_line_beside_wires_cuts_nothing(canvas: Canvas) -> None:
    start = canvas.empty()
    canvas.drag(start, start + QPoint(100, 60), BOTH)
    assert canvas.steps() == []


def test_a_wire_is_crossed_where_it_runs() -> None:
    way = route(QPointF(0, 0), QPointF(200, 100))
    assert crosses(way, QLineF(100, 0, 100, 100))
    assert not crosses(way, QLineF(0, 100, 60, 100)), "what lies inside its bow is not crossed"
