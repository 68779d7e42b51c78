"""Walking with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from flowloom.studio.canvas.cards import Cards
from flowloom.studio.canvas.interactions.walk import nearest, next_card

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_right_and_left_follow_wires(canvas: Canvas) -> None:
    seen = []
    for key in (Qt.Key.Key_Right,) * 4 + (Qt.Key.Key_Left,) * 2:
        canvas.key(key)
        seen.append(canvas.scene.current)
    assert seen == ["@inputs", "prepare", "answer", "@outputs", "answer", "prepare"]
    assert canvas.workspace.selection == ("prepare",)


def test_shift_chooses_on_the_way(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.workspace.selection == ("prepare", "answer")


def test_without_wires_the_nearest_that_way() -> None:
    rects = {"here": QRectF(0, 0, 100, 50), "below": QRectF(10, 200, 100, 50), "aside": QRectF(600, 90, 100, 50)}
    assert nearest(rects, "here", "down") == "below"
    assert nearest(rects, "here", "right") == "aside"
    assert nearest(rects, "here", "up") is None
    assert next_card(Cards(), rects, None, "up") == "here", "from nowhere to the first"
    assert next_card(Cards(), {}, None, "up") is None
