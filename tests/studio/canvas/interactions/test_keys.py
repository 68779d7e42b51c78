"""Keys on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_control_and_arrows_move_what_is_chosen_in_one_step(canvas: Canvas) -> None:
    before = canvas.scene.places()["answer"]
    canvas.click(canvas.title("answer"))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        canvas.key(key, CONTROL)
    canvas.key(Qt.Key.Key_Down, CONTROL | SHIFT)
    assert canvas.place("answer") == (before.x + 16, before.y + 9)
    assert canvas.steps() == ["Move"]


def test_moving_something_else_is_another_step(canvas: Canvas) -> None:
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_Right, CONTROL)
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_Right, CONTROL)
    assert canvas.steps() == ["Move", "Move"]


def test_control_space_takes_the_current_card_in_and_out(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_Right)
    canvas.key(Qt.Key.Key_Space, CONTROL)
    assert canvas.workspace.selection == ()
    canvas.key(Qt.Key.Key_Space, CONTROL)
    assert canvas.workspace.selection == ("@inputs",)


def test_escape_chooses_nothing(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_A, CONTROL)
    assert len(canvas.workspace.selection) == 4
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.workspace.selection == ()


def test_tab_adds_and_shift_tab_leaves(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_Tab)
    assert canvas.gestures.chooser is not None
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.focus is canvas.view
    canvas.key(Qt.Key.Key_Backtab, SHIFT)
    assert canvas.gestures.chooser is None


def test_with_nothing_chosen_control_and_arrows_move_the_canvas(canvas: Canvas) -> None:
    before = canvas.title("answer")
    canvas.key(Qt.Key.Key_Right, CONTROL)
    assert (canvas.title("answer") - before).x() == -64
    canvas.key(Qt.Key.Key_Left, CONTROL)
    assert canvas.title("answer") == before
    assert canvas.steps() == []
