"""Choosing and dragging cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_a_click_chooses_and_another_adds(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    assert canvas.workspace.selection == ("prepare",)
    canvas.click(canvas.title("answer"), SHIFT)
    assert canvas.workspace.selection == ("prepare", "answer")
    canvas.click(canvas.title("prepare"), CONTROL)
    assert canvas.workspace.selection == ("answer",)
    canvas.click(canvas.empty())
    assert canvas.workspace.selection == ()


def test_a_click_on_one_of_several_leaves_only_it(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.click(canvas.title("answer"), SHIFT)
    canvas.click(canvas.title("answer"))
    assert canvas.workspace.selection == ("answer",)


def test_a_drag_moves_a_card_onto_the_grid_and_no_other_jumps(canvas: Canvas) -> None:
    before = canvas.scene.places()
    assert canvas.document.layout.places == {}
    start = canvas.title("prepare")
    canvas.drag(start, start + QPoint(29, 203))
    x, y = canvas.place("prepare")
    assert (x % 8, y % 8) == (0, 0)
    assert abs(x - before["prepare"].x - 29) <= 8
    assert abs(y - before["prepare"].y - 203) <= 8
    assert canvas.place("answer") == (before["answer"].x, before["answer"].y), "the places of all are written"
    assert canvas.steps() == ["Move"]


def test_shift_leaves_the_grid(canvas: Canvas) -> None:
    before = canvas.scene.places()["prepare"]
    start = canvas.title("prepare")
    canvas.click(start)
    canvas.press(start)
    canvas.move_held(start + QPoint(20, 20), SHIFT)
    canvas.move_held(start + QPoint(29, 203), SHIFT)
    assert canvas.scene.overlay.guides == 0
    canvas.release(start + QPoint(29, 203), SHIFT)
    assert canvas.place("prepare") == (before.x + 29, before.y + 203)


def test_a_card_nearly_in_line_jumps_into_line_and_shows_it(canvas: Canvas) -> None:
    canvas.drag(canvas.title("prepare"), canvas.title("prepare") + QPoint(0, 203))
    start = canvas.title("answer")
    down = canvas.scene.rect("prepare").top() - canvas.scene.rect("answer").top()
    canvas.press(start)
    canvas.move_held(start + QPoint(0, 40), Qt.KeyboardModifier.NoModifier)
    canvas.move_held(start + QPoint(30, round(down) + 1), Qt.KeyboardModifier.NoModifier)
    assert canvas.scene.overlay.guides > 0
    canvas.release(start + QPoint(30, round(down) + 1))
    assert canvas.place("answer")[1] == canvas.place("prepare")[1]
    assert canvas.scene.overlay.guides == 0


def test_several_move_together(canvas: Canvas) -> None:
    before = canvas.scene.places()
    canvas.click(canvas.title("prepare"))
    canvas.click(canvas.title("answer"), SHIFT)
    canvas.drag(canvas.title("answer"), canvas.title("answer") + QPoint(40, 160))
    first, second = canvas.place("prepare"), canvas.place("answer")
    assert first[0] - before["prepare"].x == second[0] - before["answer"].x
    assert first[1] - before["prepare"].y == second[1] - before["answer"].y != 0


def test_escape_puts_cards_back(canvas: Canvas) -> None:
    start = canvas.title("prepare")
    rect = canvas.scene.rect("prepare")
    canvas.press(start)
    canvas.move_held(start + QPoint(50, 90), Qt.KeyboardModifier.NoModifier)
    assert canvas.scene.rect("prepare") != rect
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.scene.rect("prepare") == rect
    canvas.release(start + QPoint(50, 90))
    assert canvas.steps() == []


def test_a_frame_takes_along_what_stands_in_it(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_G)
    canvas.type("First")
    canvas.key(Qt.Key.Key_Return)
    (frame,) = canvas.document.layout.frames
    assert frame.title == "First"
    before, other = canvas.scene.rect("prepare").topLeft(), canvas.scene.rect("answer").topLeft()
    start = canvas.at(QPointF(frame.x + 40, frame.y + 14))
    canvas.drag(start, start + QPoint(16, 160))
    assert canvas.scene.rect("prepare").topLeft() == before + QPointF(16, 160)
    assert canvas.scene.rect("answer").topLeft() == other
    assert canvas.steps()[-1] == "Move"


def test_a_card_dropped_on_a_wire_is_put_into_it(open_canvas: Callable[..., Canvas], canvas: Canvas) -> None:
    canvas.double_click(canvas.empty())
    canvas.type("join texts")
    canvas.key(Qt.Key.Key_Return)
    start = canvas.title("join_texts")
    rect = canvas.scene.rect("join_texts")
    first = canvas.scene.port_point(PortRef("answer", "out", "output"))
    last = canvas.scene.port_point(PortRef("@outputs", "in", "answer"))
    way = canvas.at((first + last) / 2) - canvas.at(rect.center())
    canvas.press(start)
    canvas.move_held(start + way / 2, Qt.KeyboardModifier.NoModifier)
    canvas.move_held(start + way, Qt.KeyboardModifier.NoModifier)
    canvas.release(start + way)
    wires = canvas.wires()
    assert wires[PortRef("@outputs", "in", "answer")] == PortRef("join_texts", "out", "output")
    assert PortRef("answer", "out", "output") in [wires[key] for key in wires if key.card == "join_texts"]
    assert canvas.steps()[-1] == "Insert Join texts", "moving and inserting are one step"
    row = [canvas.scene.rect(card) for card in ("answer", "join_texts", "@outputs")]
    assert row[0].right() < row[1].left() < row[1].right() < row[2].left(), "what comes after made room"
