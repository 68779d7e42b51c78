"""What an edit changed."""

from __future__ import annotations

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID, Frame, Place
from flowloom.flows.model.edits import (
    AddFlowInput,
    AddNode,
    DeleteNodes,
    RenameNode,
    SetFlowKey,
    SetFrame,
    SetInput,
    SetPlaces,
    SetText,
)
from flowloom.flows.model.flow import Reference
from flowloom.studio.document.delta import Delta
from flowloom.studio.document.flow_document import FlowDocument


def delta(document: FlowDocument, edit: object) -> Delta:
    heard: list[Delta] = []
    document.changed.connect(heard.append)
    assert document.apply(edit)  # pyright: ignore[reportArgumentType]
    document.changed.disconnect(heard.append)
    assert len(heard) == 1
    return heard[0]


def test_a_moved_card(document: FlowDocument) -> None:
    found = delta(document, SetPlaces({"answer": Place(1, 2)}))
    assert found.places == {"answer"}
    assert not found.changed
    assert not found.added


def test_a_frame(document: FlowDocument) -> None:
    found = delta(document, SetFrame(Frame("f1")))
    assert found.canvas_items
    assert not found.places


def test_a_renamed_node_is_one_gone_and_one_new(document: FlowDocument) -> None:
    found = delta(document, RenameNode("prepare", "clean"))
    assert found.removed == {"prepare"}
    assert found.added == {"clean"}
    assert "answer" in found.changed, "its wire comes from elsewhere now"


def test_added_and_deleted_nodes(document: FlowDocument) -> None:
    assert delta(document, AddNode("more", {"type": "prompt", "source": {"type": "code", "path": "m.jinja2"}})).added == {"more"}
    found = delta(document, DeleteNodes(("more",)))
    assert found.removed == {"more"}
    assert not found.changed


def test_a_wire(document: FlowDocument) -> None:
    assert delta(document, SetInput("answer", "question", Reference("input", "question"))).changed == {"answer"}


def test_inputs_and_outputs_of_the_flow(document: FlowDocument) -> None:
    found = delta(document, AddFlowInput("more"))
    assert INPUTS_ID in found.changed
    found = delta(document, SetFlowKey(("outputs", "answer", "description"), "What came out"))
    assert found.changed == {OUTPUTS_ID}


def test_a_text_concerns_the_nodes_that_are_made_of_it(document: FlowDocument) -> None:
    found = delta(document, SetText("answer.jinja2", "user:\nhi {{name}}\n"))
    assert found.changed == {"answer"}
    assert found.files == {"answer.jinja2"}


def test_a_number_and_a_yes_are_not_the_same_on_the_screen(document: FlowDocument) -> None:
    heard: list[Delta] = []
    document.apply(SetInput("prepare", "upper", 1))
    document.changed.connect(heard.append)
    document.apply(SetInput("prepare", "upper", True))
    assert "prepare" in heard[-1].changed
