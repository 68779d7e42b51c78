"""What all gestures share: a small wobble of the hand is no drag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_a_wobble_is_a_click(canvas: Canvas) -> None:
    start = canvas.title("prepare")
    canvas.press(start)
    canvas.move_held(start + QPoint(2, 1), Qt.KeyboardModifier.NoModifier)
    canvas.release(start + QPoint(2, 1))
    assert canvas.workspace.selection == ("prepare",)
    assert canvas.steps() == []


def test_another_button_takes_a_drag_back(canvas: Canvas) -> None:
    start = canvas.title("prepare")
    canvas.press(start)
    canvas.move_held(start + QPoint(60, 60), Qt.KeyboardModifier.NoModifier)
    canvas.press(start + QPoint(60, 60), button=Qt.MouseButton.RightButton)
    canvas.release(start + QPoint(60, 60))
    assert canvas.steps() == []
