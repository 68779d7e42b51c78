"""Drawing wires and picking up their ends, by the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

NO = Qt.KeyboardModifier.NoModifier


def test_a_drag_from_port_to_port_makes_a_wire(canvas: Canvas) -> None:
    canvas.drag(canvas.port("@inputs", "out", "question"), canvas.port("answer", "in", "question"))
    assert "    question: ${inputs.question}\n" in canvas.yaml
    assert canvas.steps() == ["Connect Inputs to answer"]


def test_it_goes_backwards_too(canvas: Canvas) -> None:
    canvas.drag(canvas.port("prepare", "in", "upper"), canvas.port("@inputs", "out", "question"))
    assert canvas.document.node("prepare") is not None
    assert PortRef("prepare", "in", "upper") not in canvas.wires(), "a text is no yes or no"
    assert canvas.said == ["Gives text, takes true or false."]


def test_ports_that_fit_are_lit_and_others_say_why(canvas: Canvas) -> None:
    start = canvas.port("answer", "out", "output")
    canvas.press(start)
    canvas.move_held(start + QPoint(20, 60), NO)
    lit = canvas.scene.lit
    assert lit is not None
    assert lit[PortRef("@outputs", "in", "answer")] == ""
    assert lit[PortRef("prepare", "in", "text")] == "This would go in a circle: answer waits for prepare."
    canvas.move_held(canvas.port("prepare", "in", "text"), NO)
    assert canvas.gestures.hint.isVisible()
    assert canvas.gestures.hint.text().startswith("This would go in a circle")
    canvas.release(canvas.port("prepare", "in", "text"))
    assert canvas.scene.lit is None
    assert not canvas.gestures.hint.isVisible()
    assert canvas.steps() == []


def test_escape_lets_go_of_the_wire(canvas: Canvas) -> None:
    start = canvas.port("prepare", "out", "output")
    canvas.press(start)
    canvas.move_held(canvas.port("@outputs", "in", "answer"), NO)
    assert canvas.scene.overlay.wire is not None
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.scene.overlay.wire is None
    canvas.release(canvas.port("@outputs", "in", "answer"))
    assert canvas.steps() == []


def test_a_drop_on_a_card_offers_its_ports(canvas: Canvas) -> None:
    canvas.drag(canvas.port("@inputs", "out", "question"), canvas.title("answer"))
    chooser = canvas.gestures.chooser
    assert chooser is not None
    assert [entry.title for entry in chooser.entries][:2] == ["question", "New input 'question_2'"]
    canvas.type("question_2")
    canvas.key(Qt.Key.Key_Return)
    assert "    question_2: ${inputs.question}\n" in canvas.yaml
    assert canvas.document.files["answer.jinja2"].endswith("{{question_2}}\n"), "the prompt speaks of its new input"


def test_a_drop_on_the_outputs_makes_an_output(open_canvas: Callable[..., Canvas]) -> None:
    canvas = open_canvas({"flow.dag.yaml": "inputs:\n  who:\n    type: string\noutputs: {}\nnodes: []\n"})
    canvas.drag(canvas.port("@inputs", "out", "who"), canvas.title("@outputs"))
    assert "outputs:\n  who:\n    type: string\n    reference: ${inputs.who}\n" in canvas.yaml


def test_a_drop_of_an_input_on_the_inputs_makes_one(canvas: Canvas) -> None:
    canvas.drag(canvas.port("prepare", "in", "upper"), canvas.title("@inputs"))
    canvas.type("new")
    canvas.key(Qt.Key.Key_Return)
    assert "  upper:\n    type: bool\n" in canvas.yaml
    assert canvas.wires()[PortRef("prepare", "in", "upper")] == PortRef("@inputs", "out", "upper")


def test_a_drop_on_empty_canvas_offers_what_fits(canvas: Canvas) -> None:
    canvas.drag(canvas.port("prepare", "out", "output"), canvas.empty())
    chooser = canvas.gestures.chooser
    assert chooser is not None
    titles = [entry.title for entry in chooser.entries]
    assert titles[0] == "Ask a model"
    assert "Write CSV" not in titles, "a text is no list of rows"
    canvas.type("python")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.wires()[PortRef("python_tool", "in", "prepare")] == PortRef("prepare", "out", "output")
    assert "def python_tool(prepare: str) -> str:" in canvas.document.files["python_tool.py"]
    assert canvas.steps() == ["Add Python tool"]


def test_an_end_picked_up_moves_the_wire(canvas: Canvas) -> None:
    canvas.drag(canvas.port("@outputs", "in", "answer"), canvas.port("answer", "in", "question"))
    assert canvas.said == ["A node cannot take its own output."]
    canvas.drag(canvas.port("answer", "in", "question"), canvas.title("@outputs"))
    canvas.type("new output")
    canvas.key(Qt.Key.Key_Return)
    wires = canvas.wires()
    assert wires[PortRef("@outputs", "in", "prepare")] == PortRef("prepare", "out", "output")
    assert PortRef("answer", "in", "question") not in wires


def test_the_beginning_of_a_wire_can_be_picked_up(canvas: Canvas) -> None:
    start = canvas.port("prepare", "out", "output") + QPoint(16, 0)
    canvas.drag(start, canvas.port("@inputs", "out", "question"))
    assert canvas.wires()[PortRef("answer", "in", "question")] == PortRef("@inputs", "out", "question")


def test_an_end_dropped_on_empty_canvas_is_cut(canvas: Canvas) -> None:
    canvas.drag(canvas.port("answer", "in", "question"), canvas.empty())
    assert PortRef("answer", "in", "question") not in canvas.wires()
    assert canvas.steps() == ["Disconnect question of answer"]
    canvas.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert canvas.steps() == ["Disconnect question of answer"], "undo belongs to the window"


def test_an_end_put_back_changes_nothing(canvas: Canvas) -> None:
    here = canvas.port("answer", "in", "question")
    canvas.press(here)
    canvas.move_held(here + QPoint(60, 60), NO)
    canvas.move_held(here, NO)
    canvas.release(here)
    assert canvas.steps() == []


def test_what_of_the_output_is_taken_stays_when_a_wire_moves(open_canvas: Callable[..., Canvas]) -> None:
    flow = """\
inputs: {}
outputs: {}
nodes:
- name: page
  type: python
  source: {type: package, tool: loom.data.http_request}
  inputs: {url: here}
- name: first
  type: python
  source: {type: package, tool: loom.text.split}
  inputs: {text: "${page.output.json.title}"}
- name: second
  type: python
  source: {type: package, tool: loom.text.split}
"""
    canvas = open_canvas({"flow.dag.yaml": flow})
    canvas.drag(canvas.port("first", "in", "text"), canvas.port("second", "in", "text"))
    assert "text: ${page.output.json.title}" in canvas.yaml
    assert canvas.wires() == {PortRef("second", "in", "text"): PortRef("page", "out", "json")}


def test_a_branch_of_a_switch_is_a_condition(open_canvas: Callable[..., Canvas]) -> None:
    flow = """\
inputs: {}
outputs: {}
nodes:
- name: kind
  type: python
  source: {type: package, tool: loom.logic.switch}
  inputs: {cases: [{name: refund, when: "value == 1"}]}
- name: pay
  type: python
  source: {type: package, tool: loom.text.split}
"""
    canvas = open_canvas({"flow.dag.yaml": flow})
    canvas.drag(canvas.port("kind", "out", "output"), canvas.title("pay"))
    canvas.type("only when it is refund")
    canvas.key(Qt.Key.Key_Return)
    (wire,) = canvas.scene.cards.wires.values()
    assert wire.words == "only when kind is refund"
    assert "  activate:\n    when: ${kind.output}\n    is: refund\n" in canvas.yaml
