"""Where cards stand when a layout says nothing about them."""

from __future__ import annotations

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, SetNodeKey, SetPlaces
from flowloom.studio.canvas.cards import ACTIVATE, PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument


def test_a_flow_without_a_layout_is_arranged_and_nothing_is_written(document: FlowDocument, scene: CanvasScene) -> None:
    places = scene.places()
    assert places["@inputs"].x < places["prepare"].x < places["answer"].x < places["@outputs"].x
    assert document.changed_files == {}


def test_cards_stay_where_they_are_seen_when_others_come(document: FlowDocument, scene: CanvasScene) -> None:
    before = scene.places()
    document.apply(AddNode("more", {"type": "python", "source": {"type": "code", "path": "prepare.py"}, "inputs": {"text": "${answer.output}"}}))
    after = scene.places()
    assert {name: after[name] for name in before} == before
    assert not any(scene.rect("more").intersects(scene.rect(name)) for name in before)


def test_arranged_cards_leave_room_for_the_words_of_a_condition(document: FlowDocument) -> None:
    plain = CanvasScene(document)
    gap = plain.rect("answer").left() - plain.rect("prepare").right()
    document.apply(SetNodeKey("answer", ("activate",), {"when": "${prepare.output}", "is": "a refund"}))
    scene = CanvasScene(document)
    assert scene.rect("answer").left() - scene.rect("prepare").right() > gap
    label = scene.wire_items[PortRef("answer", "in", ACTIVATE)].boundingRect()
    assert label.left() >= scene.rect("prepare").right() - 4


def test_the_layouts_places_hold_and_a_title_alone_is_no_place(document: FlowDocument, scene: CanvasScene) -> None:
    document.apply(SetPlaces({"prepare": Place(x=1000, y=640)}))
    assert (scene.places()["prepare"].x, scene.rect("prepare").y()) == (1000, 640)
    document.files["flow.layout.json"] = '{"version": 1, "nodes": {"answer": {"title": "Hello"}}}'
    document.layout = type(document.layout)({"version": 1, "nodes": {"answer": {"title": "Hello"}}})
    fresh = CanvasScene(document)
    assert fresh.places()["answer"].title == "Hello"
    assert fresh.places()["answer"].x > fresh.places()["prepare"].x
