"""Wires, by the mouse and by keys: connect, rewire, disconnect, insert, conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from flowloom.studio.canvas.cards import PortRef
from tests.e2e.studio_gestures.hands import CONTROL, SHIFT

if TYPE_CHECKING:
    from tests.e2e.studio_gestures.hands import Hands


def test_connect_with_the_mouse(hands: Hands) -> None:
    hands.drag(hands.port("@inputs", "out", "question"), hands.port("answer", "in", "question"))
    hands.save()
    assert "    question: ${inputs.question}\n" in hands.saved()
    assert hands.sees_wire("answer", "question")
    hands.undo_to_nothing()
    hands.save()
    assert "    question: ${prepare.output}\n" in hands.saved()


def test_connect_with_keys(hands: Hands) -> None:
    hands.walk_to("@inputs")
    hands.key(Qt.Key.Key_C)
    hands.choose("answer question")
    hands.save()
    assert "    question: ${inputs.question}\n" in hands.saved()
    assert hands.sees_wire("answer", "question")


def test_while_a_wire_is_drawn_ports_are_lit_and_dimmed(hands: Hands) -> None:
    start = hands.port("@inputs", "out", "question")
    plain = hands.picture()
    hands.press(start)
    hands.move(start + QPoint(30, 80))
    drawn = hands.picture()
    dimmed, lit = hands.port("prepare", "in", "upper"), hands.port("answer", "in", "question")
    assert drawn.pixelColor(dimmed + QPoint(12, 0)) != plain.pixelColor(dimmed + QPoint(12, 0)) or drawn != plain
    assert hands.scene.lit is not None
    hands.move(dimmed)
    hint = hands.view.gestures.hint  # pyright: ignore[reportOptionalMemberAccess]
    assert hint.isVisible()
    assert hint.text() == "Gives text, takes true or false."
    hands.move(lit)
    assert not hint.isVisible()
    hands.release(lit)
    hands.save()
    assert "    question: ${inputs.question}\n" in hands.saved()


def test_rewire_with_the_mouse(hands: Hands) -> None:
    """The end of a wire in the hand, let go over another port."""
    hands.drag(hands.port("@outputs", "in", "answer"), hands.empty())
    hands.drag(hands.port("answer", "in", "question"), hands.port("@outputs", "in", "answer"))
    hands.save()
    assert "    reference: ${prepare.output}\n" in hands.saved()
    assert "    question:" not in hands.saved()


def test_rewire_with_keys(hands: Hands) -> None:
    """The input chosen, and another source for it."""
    hands.walk_to("@outputs")
    hands.key(Qt.Key.Key_C)
    hands.choose("prepare output")
    hands.save()
    assert "    reference: ${prepare.output}\n" in hands.saved()


def test_disconnect_with_the_mouse(hands: Hands) -> None:
    middle = hands.wire("answer", "question")
    assert hands.sees_wire("answer", "question")
    hands.drag(hands.port("answer", "in", "question"), hands.empty())
    hands.hover(hands.empty())
    hands.save()
    assert "    question:" not in hands.saved()
    assert hands.ink(hands.view.viewport().rect().intersected(_around(middle))) < 0.2


def _around(point: QPoint):
    from PySide6.QtCore import QRect

    return QRect(point.x() - 2, point.y() - 2, 5, 5)


def test_a_wire_clicked_and_deleted(hands: Hands) -> None:
    hands.click(hands.wire("answer", "question"))
    hands.key(Qt.Key.Key_Delete)
    hands.save()
    assert "    question:" not in hands.saved()


def test_disconnect_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_C, SHIFT)
    hands.choose("prepare")
    hands.save()
    assert "    question:" not in hands.saved()


def test_cut_across_wires_with_the_mouse(hands: Hands) -> None:
    middle = hands.wire("@outputs", "answer")
    hands.drag(middle - QPoint(2, 40), middle + QPoint(2, 40), CONTROL | SHIFT)
    hands.save()
    assert "reference:" not in hands.saved()


def test_insert_with_the_mouse(hands: Hands) -> None:
    """A double click on a wire, and a line of the list."""
    hands.double_click(hands.wire("answer", "question"))
    hands.pick("Join texts")
    hands.save()
    assert "    question: ${join_texts.output}\n" in hands.saved()
    assert "    prepare: ${prepare.output}\n" in hands.saved()
    assert hands.sees_card("join_texts")


def test_insert_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_I)
    hands.choose("question")
    hands.choose("join texts")
    hands.save()
    assert "    question: ${join_texts.output}\n" in hands.saved()


def test_a_card_dragged_onto_a_wire_is_inserted(hands: Hands) -> None:
    hands.double_click(hands.empty(0.2))
    hands.choose("join texts")
    middle = hands.scene.wire_items[PortRef("answer", "in", "question")].route.middle
    start = hands.title("join_texts")
    way = hands.at(middle) - hands.at(hands.scene.rect("join_texts").center())
    hands.drag(start, start + way)
    hands.save()
    assert "    question: ${join_texts.output}\n" in hands.saved()


SWITCH = """\
inputs:
  text:
    type: string
outputs: {}
nodes:
- name: kind
  type: python
  source:
    type: package
    tool: loom.logic.switch
  inputs:
    value: ${inputs.text}
    cases:
    - {name: refund, when: "value == 'refund'"}
- name: pay
  type: python
  source:
    type: package
    tool: loom.text.split
"""


def test_a_branch_becomes_a_dashed_wire_with_words(open_hands: Callable[..., Hands]) -> None:
    hands = open_hands({"flow.dag.yaml": SWITCH})
    hands.drag(hands.port("kind", "out", "output"), hands.body("pay"))
    hands.pick("Run only when it is refund")
    hands.save()
    assert "  activate:\n    when: ${kind.output}\n    is: refund\n" in hands.saved()
    (wire,) = [wire for wire in hands.scene.cards.wires.values() if wire.is_condition]
    assert wire.words == "only when kind is refund"
    assert _gaps(hands, wire.key) >= 2, "a dashed line shows the ground between its dashes"


def test_a_branch_with_keys(open_hands: Callable[..., Hands]) -> None:
    hands = open_hands({"flow.dag.yaml": SWITCH})
    hands.walk_to("kind")
    hands.key(Qt.Key.Key_C)
    hands.choose("output")
    hands.choose("pay only when refund")
    hands.save()
    assert "  activate:\n    when: ${kind.output}\n    is: refund\n" in hands.saved()


def _gaps(hands: Hands, key: PortRef) -> int:
    """How often the ground shows along a wire."""
    from flowloom.studio.theme import theme

    image, ground = hands.picture(), theme.current().canvas.name()
    gaps, on = 0, True
    for x, y in hands.scene.wire_items[key].route.points(200):
        point = hands.view.mapFromScene(QPointF(x, y))
        bare = image.pixelColor(point).name() == ground
        gaps += bare and on
        on = not bare
    return gaps
