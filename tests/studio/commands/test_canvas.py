"""Commands of the canvas, by their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_tab_adds_beside_the_current_card_and_control_enter_wires_it(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_Tab)
    canvas.type("split")
    canvas.key(Qt.Key.Key_Return, CONTROL)
    assert "    text: ${prepare.output}\n" in canvas.yaml.split("- name: split_a_text")[1]
    assert canvas.scene.current == "split_a_text"
    canvas.key(Qt.Key.Key_Tab)
    canvas.type("join texts")
    canvas.key(Qt.Key.Key_Return)
    assert "inputs" not in canvas.yaml.split("- name: join_texts")[1], "plain Enter only adds"


def test_arrange_is_one_step_and_glides(canvas: Canvas) -> None:
    canvas.drag(canvas.title("answer"), canvas.title("answer") + QPoint(-200, 240))
    canvas.key(Qt.Key.Key_L)
    assert canvas.steps() == ["Move", "Arrange"]
    places = canvas.document.layout.places
    assert places["@inputs"].x < places["prepare"].x < places["answer"].x < places["@outputs"].x
    canvas.wait(lambda: canvas.scene.rect("answer").topLeft().x() == places["answer"].x)
    canvas.key(Qt.Key.Key_L)
    assert canvas.said == ["Everything is arranged already."]


def test_a_frame_goes_around_what_is_chosen(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.click(canvas.title("answer"), Qt.KeyboardModifier.ShiftModifier)
    canvas.key(Qt.Key.Key_G)
    canvas.type("Work")
    canvas.key(Qt.Key.Key_Return)
    (frame,) = canvas.document.layout.frames
    assert frame.title == "Work"
    for card in ("prepare", "answer"):
        assert canvas.scene.rect(frame.id).contains(canvas.scene.rect(card))
    assert not canvas.scene.rect(frame.id).contains(canvas.scene.rect("@inputs"))


def test_a_note_is_typed_at_once(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_N)
    canvas.type("Ask Ann")
    canvas.key(Qt.Key.Key_Return, CONTROL)
    (note,) = canvas.document.layout.notes
    assert note.text == "Ask Ann"
    assert canvas.workspace.selection == (note.id,)
    canvas.key(Qt.Key.Key_Delete)
    assert canvas.document.layout.notes == ()


def test_collapse_and_hide_wires_turn_on_and_off(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    height = canvas.scene.rect("prepare").height()
    canvas.key(Qt.Key.Key_M)
    assert canvas.scene.rect("prepare").height() < height
    canvas.key(Qt.Key.Key_M)
    assert canvas.scene.rect("prepare").height() == height
    canvas.key(Qt.Key.Key_H)
    assert canvas.scene.cards.cards["prepare"].hide_wires
    assert canvas.document.layout.places["prepare"].x == canvas.scene.rect("prepare").x(), "a place is written with it"
    assert canvas.steps() == ["Collapse", "Collapse", "Hide wires"]


def test_zoom_and_fit(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_Plus)
    assert canvas.view.zoom > 1
    canvas.key(Qt.Key.Key_0, CONTROL)
    assert canvas.view.zoom == 1
    for _ in range(6):
        canvas.key(Qt.Key.Key_Minus)
    assert canvas.view.zoom < 0.5
    canvas.key(Qt.Key.Key_F)
    assert canvas.view.visible_rect().contains(canvas.scene.content_rect())


def test_a_frame_in_an_empty_flow(open_canvas: Callable[..., Canvas]) -> None:
    canvas = open_canvas({"flow.dag.yaml": "inputs: {}\noutputs: {}\nnodes: []\n"})
    canvas.key(Qt.Key.Key_G)
    canvas.key(Qt.Key.Key_Escape)
    assert len(canvas.document.layout.frames) == 1
