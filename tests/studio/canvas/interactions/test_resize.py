"""Frames and notes given another size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from flowloom.studio.canvas.interactions.resize import SMALLEST, cursor_for, edges_at, stretched

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_the_corner_of_a_note_is_dragged(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_N)
    canvas.type("Why two models")
    canvas.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (note,) = canvas.document.layout.notes
    assert note.text == "Why two models"
    corner = canvas.at(canvas.scene.rect(note.id).bottomRight() - QPointF(3, 3))
    canvas.drag(corner, corner + QPoint(64, 40))
    (after,) = canvas.document.layout.notes
    assert (after.width - note.width, after.height - note.height) == (64, 40)
    assert (after.x, after.y) == (note.x, note.y)
    assert canvas.steps()[-1] == "Resize note"


def test_keys_do_it_too(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_N)
    canvas.key(Qt.Key.Key_Escape)
    (note,) = canvas.document.layout.notes
    for _ in range(3):
        canvas.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    canvas.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    (after,) = canvas.document.layout.notes
    assert (after.width - note.width, after.height - note.height) == (24, 8)
    assert canvas.steps() == ["Add note", "Resize note"], "one step of undo for all of them"


def test_edges_and_least_size() -> None:
    rect = QRectF(0, 0, 400, 300)
    assert edges_at(rect, QPointF(398, 150), 6) == (1, 0)
    assert edges_at(rect, QPointF(2, 299), 6) == (-1, 1)
    assert cursor_for((1, 0)) == Qt.CursorShape.SizeHorCursor
    shrunk = stretched(rect, (1, 1), QPointF(-1000, -1000))
    assert (shrunk.width(), shrunk.height()) == SMALLEST
    assert stretched(rect, (-1, 0), QPointF(21, 50)) == QRectF(24, 0, 376, 300)
