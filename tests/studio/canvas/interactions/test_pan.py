"""Moving the canvas itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_the_middle_button_drags_the_canvas(canvas: Canvas) -> None:
    before = canvas.title("prepare")
    start = canvas.title("prepare")
    canvas.drag(start, start + QPoint(70, -40), button=Qt.MouseButton.MiddleButton)
    assert canvas.title("prepare") - before == QPoint(70, -40)
    assert canvas.steps() == []
    assert canvas.workspace.selection == ()


def test_space_held_makes_the_left_button_drag_it(canvas: Canvas) -> None:
    before = canvas.title("prepare")
    QTest.keyPress(canvas.view, Qt.Key.Key_Space)
    canvas.drag(before, before + QPoint(-30, 50))
    QTest.keyRelease(canvas.view, Qt.Key.Key_Space)
    assert canvas.title("prepare") - before == QPoint(-30, 50)
    canvas.drag(canvas.title("prepare"), canvas.title("prepare") + QPoint(0, 100))
    assert canvas.steps() == ["Move"], "without space it is a card again that moves"
