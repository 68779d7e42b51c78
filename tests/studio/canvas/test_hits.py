"""What lies under a point."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from flowloom.flows.document.layout import Frame, Note
from flowloom.flows.model.edits import SetFrame, SetNote
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument

WIRE = PortRef("answer", "in", "question")


def test_ports_cards_wires_and_nothing(scene: CanvasScene) -> None:
    found = scene.hit(scene.port_point(WIRE) + QPointF(3, 3))
    assert (found.kind, found.port) == ("port", WIRE)
    assert scene.hit(scene.rect("answer").center()).kind == "card"
    assert scene.hit(scene.rect("answer").topLeft() + QPointF(90, 16)).kind == "title"
    middle = scene.wire_items[WIRE].route.middle
    wire = scene.hit(middle)
    assert wire.kind == "wire"
    assert wire.wire is not None
    assert wire.wire.source.card == "prepare"
    assert scene.hit(QPointF(-5000, 0)).kind == "empty"


def test_a_wire_is_taken_by_its_end_near_the_port(scene: CanvasScene) -> None:
    path = scene.path(WIRE)
    near = path.pointAtPercent(path.percentAtLength(path.length() - 22))
    assert scene.hit(near).kind == "wire_end"


def test_the_card_on_top_hides_the_ports_below_it(scene: CanvasScene) -> None:
    port = scene.port_point(PortRef("prepare", "out", "output"))
    scene.select(["answer"])
    scene.move_live(["answer"], port.x() - scene.rect("answer").center().x(), port.y() - scene.rect("answer").center().y())
    assert scene.hit(port).id == "answer"


def test_frames_and_notes_have_edges_and_titles(document: FlowDocument, scene: CanvasScene) -> None:
    document.apply(SetFrame(Frame("f1", "Search", -600, 300, 400, 300)))
    document.apply(SetNote(Note("n1", "Why", -1000, 300, 200, 120)))
    kinds = {
        (-400, 315): "frame_title", (-400, 450): "frame", (-600, 450): "frame_edge", (-201, 599): "frame_edge",
        (-900, 350): "note", (-801, 350): "note_edge", (-900, 419): "note_edge",
    }  # fmt: skip
    for (x, y), kind in kinds.items():
        assert scene.hit(QPointF(x, y)).kind == kind, (x, y)
