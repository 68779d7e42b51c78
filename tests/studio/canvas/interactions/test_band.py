"""The rubber band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def around(canvas: Canvas, card: str) -> tuple[QPoint, QPoint]:
    rect = canvas.scene.rect(card)
    return canvas.at(rect.topLeft()) - QPoint(14, 14), canvas.at(rect.center())


def test_it_chooses_what_it_touches(canvas: Canvas) -> None:
    start, end = around(canvas, "prepare")
    canvas.press(start)
    canvas.move_held(end, Qt.KeyboardModifier.NoModifier)
    assert canvas.scene.overlay.band is not None
    canvas.release(end)
    assert canvas.workspace.selection == ("prepare",)
    assert canvas.scene.overlay.band is None
    assert canvas.steps() == []


def test_shift_adds_and_control_turns_over(canvas: Canvas) -> None:
    canvas.drag(*around(canvas, "prepare"))
    canvas.drag(*around(canvas, "answer"), SHIFT)
    assert canvas.workspace.selection == ("prepare", "answer")
    canvas.drag(*around(canvas, "prepare"), CONTROL)
    assert canvas.workspace.selection == ("answer",)


def test_escape_chooses_what_was_chosen_before(canvas: Canvas) -> None:
    canvas.click(canvas.title("answer"))
    start, end = around(canvas, "prepare")
    canvas.press(start)
    canvas.move_held(end, Qt.KeyboardModifier.NoModifier)
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.workspace.selection == ("answer",)
    canvas.release(end)
