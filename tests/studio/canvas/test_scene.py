"""The scene follows the document, and knows what is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.model.edits import (
    ClearInput,
    DeleteNodes,
    RenameNode,
    SetFrame,
    SetInput,
    SetNote,
    SetPlaces,
    SetText,
)
from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument


def _agrees(scene: CanvasScene, document: FlowDocument) -> None:
    """The items are those of the document, and wires end in the ports they belong to."""
    assert scene.card_items.keys() == {"@inputs", *document.flow.nodes, "@outputs"}
    assert scene.wire_items.keys() == scene.cards.wires.keys()
    for key, item in scene.wire_items.items():
        last = item.route.cubics[-1]
        assert QPointF(last.x3, last.y3) == scene.port_point(key)
        first = item.route.cubics[0]
        assert QPointF(first.x0, first.y0) == scene.port_point(item.wire.source)


def test_it_follows_edits_undo_and_redo(document: FlowDocument, scene: CanvasScene) -> None:
    edits = (
        SetInput("answer", "temperature", Reference("node", "prepare")),
        SetText("answer.jinja2", "user:\n{{question}} {{tone}} {{more}}\n"),
        ClearInput("answer", "question"),
        RenameNode("prepare", "clean"),
        SetPlaces({"clean": Place(x=-800, y=96, title="Tidy up")}),
        DeleteNodes(("clean",)),
    )
    for edit in edits:
        assert document.apply(edit)
        _agrees(scene, document)
    assert "clean" not in scene.card_items
    for _ in edits:
        document.undo_stack.undo()
        _agrees(scene, document)
    assert scene.card_items["prepare"].card.title == "prepare"
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
        _agrees(scene, document)


def test_a_new_port_makes_the_card_taller_and_moves_its_wires(document: FlowDocument, scene: CanvasScene) -> None:
    before = scene.rect("answer").height()
    document.apply(SetText("answer.jinja2", "user:\n{{question}} {{tone}} {{more}}\n"))
    assert scene.rect("answer").height() == before + 48
    _agrees(scene, document)


def test_choosing(scene: CanvasScene) -> None:
    told: list[tuple[str, ...]] = []
    scene.selection_changed.connect(lambda: told.append(tuple(scene.selected)))
    scene.select(["answer", "nothing"])
    scene.select(["prepare"], "add")
    scene.select(["answer"], "toggle")
    scene.select(["answer"], "toggle")
    scene.select(["prepare"], "remove")
    scene.select(["answer"])
    assert told == [("answer",), ("answer", "prepare"), ("prepare",), ("prepare", "answer"), ("answer",)]
    assert scene.wire_items[PortRef("answer", "in", "question")].state == "lit"
    scene.select([])
    assert scene.wire_items[PortRef("answer", "in", "question")].state == "idle"


def test_what_is_gone_is_no_longer_chosen_or_current(document: FlowDocument, scene: CanvasScene) -> None:
    scene.select(["prepare", "answer"])
    scene.set_current("prepare")
    told: list[str] = []
    scene.selection_changed.connect(lambda: told.append("selection"))
    scene.current_changed.connect(lambda: told.append("current"))
    document.apply(DeleteNodes(("prepare",)))
    assert list(scene.selected) == ["answer"]
    assert scene.current is None
    assert sorted(told) == ["current", "selection"]


def test_frames_and_notes_come_change_and_go(document: FlowDocument, scene: CanvasScene) -> None:
    document.apply(SetFrame(Frame("f1", "Search", -600, 300, 400, 300)))
    document.apply(SetNote(Note("n1", "Why", -1000, 300)))
    document.apply(SetFrame(Frame("f1", "Find", -600, 300, 480, 300)))
    assert scene.rect("f1") == QRectF(-600, 300, 480, 300)
    assert scene.cards_in(QRectF(-1100, 200, 1000, 500)) == ["n1", "f1"]
    assert scene.cards_in(QRectF(-1100, 200, 700, 500)) == ["n1"], "a frame is chosen when all of it is"
    scene.select(["f1", "n1"])
    for _ in range(3):
        document.undo_stack.undo()
    assert not scene.frame_items
    assert not scene.selected


def test_wires_of_a_card_can_be_hidden_but_show_while_it_is_chosen(document: FlowDocument, scene: CanvasScene) -> None:
    place = scene.places()["prepare"]
    document.apply(SetPlaces({"prepare": Place(place.x, place.y, hide_wires=True)}))
    key = PortRef("answer", "in", "question")
    assert not scene.wire_items[key].isVisible()
    assert scene.wire_at(scene.wire_items[key].route.middle, 6) is None
    scene.select(["answer"])
    assert scene.wire_items[key].isVisible()


def test_an_edit_of_a_long_flow_is_followed_at_once(chain: Callable[[int], FlowDocument]) -> None:
    document = chain(200)
    scene = CanvasScene(document)
    items = dict(scene.card_items)
    assert document.apply(SetInput("n5", "text", Reference("input", "text")))
    assert scene.wire_items[PortRef("n5", "in", "text")].wire.source == PortRef("@inputs", "out", "text")
    assert all(scene.card_items[name] is item for name, item in items.items()), "cards are kept"
    _agrees(scene, document)
