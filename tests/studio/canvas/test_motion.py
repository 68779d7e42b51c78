"""Cards on the move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF

from flowloom.flows.model.edits import SetPlaces
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument

INTO = PortRef("answer", "in", "question")


def test_a_drag_is_shown_and_taken_back(scene: CanvasScene) -> None:
    before, port = scene.rect("answer"), scene.port_point(INTO)
    scene.move_live(["answer"], 40, 24)
    scene.move_live(["answer"], 64, 32)
    assert scene.rect("answer") == before.translated(64, 32)
    assert scene.path(INTO).pointAtPercent(1) == port + QPointF(64, 32)
    assert scene.path(INTO).pointAtPercent(0) == scene.port_point(PortRef("prepare", "out", "output"))
    scene.settle_live()
    assert scene.rect("answer") == before
    assert scene.path(INTO).pointAtPercent(1) == port


def test_a_wire_between_dragged_cards_moves_whole(scene: CanvasScene) -> None:
    item = scene.wire_items[INTO]
    before = item.route
    scene.move_live(["prepare", "answer"], 0, 80)
    assert item.route == before
    assert item.pos() == QPointF(0, 80)
    scene.settle_live()
    assert item.pos() == QPointF()


def test_a_drag_that_ends_in_an_edit_stays_there(document: FlowDocument, scene: CanvasScene) -> None:
    place = scene.places()["answer"]
    scene.move_live(["answer"], 64, 32)
    document.apply(SetPlaces({"answer": replace(place, x=place.x + 64, y=place.y + 32)}))
    scene.settle_live()
    assert scene.rect("answer").topLeft() == QPointF(place.x + 64, place.y + 32)
    assert scene.path(INTO).pointAtPercent(1) == scene.port_point(INTO)


def test_cards_glide_to_their_places(document: FlowDocument, scene: CanvasScene, wait: Callable[..., None]) -> None:
    places = {name: replace(place, y=place.y + 400) for name, place in scene.places().items()}
    start = scene.rect("answer").y()
    scene.animate_to(places)
    document.apply(SetPlaces(places, "Arrange"))
    assert scene.rect("answer").y() < start + 400, "on the way"
    wait(lambda: not scene.motion.gliding)
    assert scene.rect("answer").y() == start + 400
    assert scene.path(INTO).pointAtPercent(1) == scene.port_point(INTO)


def test_where_less_motion_is_asked_for_they_are_there_at_once(scene: CanvasScene) -> None:
    scene.still = True
    scene.animate_to({"answer": replace(scene.places()["answer"], x=5000)})
    assert scene.rect("answer").x() == 5000
