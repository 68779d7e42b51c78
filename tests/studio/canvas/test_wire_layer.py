"""Wires in step with the flow, and around its cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flowloom.flows.model.edits import SetInput, SetPlaces
from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument

KEY = PortRef("n2", "in", "text")


def _free(scene: CanvasScene) -> bool:
    """Whether the wire into n2 runs through no card but its own."""
    points = scene.wire_items[KEY].route.points(60)
    others = [scene.rect(name).adjusted(1, 1, -1, -1) for name in scene.card_items if name not in ("n0", "n2")]
    return not any(rect.left() < x < rect.right() and rect.top() < y < rect.bottom() for rect in others for x, y in points)


def test_wires_pass_a_card_that_is_put_in_their_way_and_straighten_when_it_leaves(chain: Callable[[int], FlowDocument]) -> None:
    document = chain(4)
    document.apply(SetInput("n2", "text", Reference("node", "n0")))
    scene = CanvasScene(document)
    start = scene.places()["n0"]
    far = {"n2": replace(start, x=start.x + 900), "n1": replace(start, y=start.y + 2000), "n3": replace(start, y=start.y + 3000)}
    document.apply(SetPlaces(far))
    assert len(scene.wire_items[KEY].route.cubics) == 1
    document.apply(SetPlaces({"n3": replace(start, x=start.x + 400)}))
    assert len(scene.wire_items[KEY].route.cubics) == 3
    assert _free(scene)
    document.undo_stack.undo()
    assert len(scene.wire_items[KEY].route.cubics) == 1


def test_a_wire_that_is_rewired_is_another_item_and_keys_follow(chain: Callable[[int], FlowDocument]) -> None:
    document = chain(3)
    scene = CanvasScene(document)
    before = scene.wire_items[KEY]
    document.apply(SetInput("n2", "text", Reference("node", "n0")))
    assert scene.wire_items[KEY] is not before
    assert before.scene() is None
    assert KEY in scene.wires_at("n0")
    assert KEY not in scene.wires_at("n1")


def test_the_nearest_wire_without_those_of_some_cards(scene: CanvasScene) -> None:
    key = PortRef("answer", "in", "question")
    middle = scene.wire_items[key].route.middle
    assert scene.wire_at(middle, 6) == key
    assert scene.wire_at(middle, 6, skip=["prepare"]) is None
