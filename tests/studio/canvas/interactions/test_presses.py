"""What a press or double click begins, by what lies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def middle_of_wire(canvas: Canvas, card: str, port: str) -> QPoint:
    route = canvas.scene.wire_items[PortRef(card, "in", port)].route
    return canvas.at(route.middle)


def test_a_click_on_a_wire_chooses_it_and_delete_cuts_it(canvas: Canvas) -> None:
    heard = []
    canvas.gestures.wire_chosen.connect(heard.append)
    canvas.click(middle_of_wire(canvas, "answer", "question"))
    assert heard[-1].target == PortRef("answer", "in", "question")
    canvas.key(Qt.Key.Key_Delete)
    assert PortRef("answer", "in", "question") not in canvas.wires()
    assert canvas.document.node("answer") is not None
    assert heard[-1] is None


def test_a_double_click_on_a_wire_puts_a_node_into_it(canvas: Canvas) -> None:
    canvas.double_click(middle_of_wire(canvas, "answer", "question"))
    canvas.type("prompt template")
    canvas.key(Qt.Key.Key_Return)
    wires = canvas.wires()
    assert wires[PortRef("answer", "in", "question")] == PortRef("prompt_template", "out", "output")
    assert wires[PortRef("prompt_template", "in", "prepare")] == PortRef("prepare", "out", "output")
    assert canvas.steps() == ["Insert Prompt template"]


def test_a_double_click_on_empty_canvas_adds_a_node_there(canvas: Canvas) -> None:
    at = canvas.empty()
    canvas.double_click(at)
    canvas.type("ask")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.document.node("ask_a_model") is not None
    assert (canvas.at(canvas.scene.rect("ask_a_model").topLeft()) - at).manhattanLength() < 40
    assert canvas.workspace.selection == ("ask_a_model",)


def test_a_double_click_on_a_card_opens_it(canvas: Canvas) -> None:
    asked = []
    canvas.workspace.place_asked.connect(lambda *place: asked.append(place))
    rect = canvas.scene.rect("answer")
    canvas.double_click(canvas.at(rect.topLeft() + QPointF(30, 46)))
    assert asked == [("answer", "", 0)]


def test_a_double_click_on_the_title_renames(canvas: Canvas) -> None:
    canvas.double_click(canvas.title("answer"))
    canvas.type("Answer politely")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.document.layout.places["answer"].title == "Answer politely"
    assert "- name: answer\n" in canvas.yaml, "the name that references use stays"


def test_the_pointer_tells_what_a_press_would_do(canvas: Canvas) -> None:
    def shape(at: QPoint) -> Qt.CursorShape:
        canvas.move(at)
        return canvas.view.viewport().cursor().shape()

    assert shape(canvas.empty()) == Qt.CursorShape.ArrowCursor
    assert shape(canvas.port("prepare", "out", "output")) == Qt.CursorShape.CrossCursor
    assert shape(canvas.port("answer", "in", "question") - QPoint(18, 0)) == Qt.CursorShape.OpenHandCursor


def test_a_right_click_chooses_what_its_menu_speaks_of(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.press(canvas.title("answer"), button=Qt.MouseButton.RightButton)
    canvas.release(canvas.title("answer"), button=Qt.MouseButton.RightButton)
    assert canvas.workspace.selection == ("answer",)
