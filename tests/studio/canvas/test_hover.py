"""What the pointer is over is lit."""

from __future__ import annotations

from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene


def test_a_wire_lights_both_its_cards_and_then_none(scene: CanvasScene) -> None:
    key = PortRef("answer", "in", "question")
    scene.set_hovered(scene.hit(scene.wire_items[key].route.middle))
    assert [name for name, item in scene.card_items.items() if item.hovered] == ["prepare", "answer"]
    assert scene.wire_items[key].state == "lit"
    scene.set_hovered(scene.hit(scene.rect("@inputs").center()))
    assert [name for name, item in scene.card_items.items() if item.hovered] == ["@inputs"]
    assert scene.wire_items[key].state == "idle"
    scene.set_hovered(None)
    assert not any(item.hovered for item in scene.card_items.values())


def test_the_chip_of_a_card_shows_that_it_folds(scene: CanvasScene) -> None:
    item = scene.card_items["answer"]
    scene.set_hovered(scene.hit(item.pos() + item.geometry.chip.center()))
    assert item._fold
    scene.set_hovered(scene.hit(scene.rect("answer").center()))
    assert not item._fold
