"""Connecting, cutting and inserting with keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def go_to(canvas: Canvas, card: str) -> None:
    for _ in range(6):
        if canvas.scene.current == card:
            return
        canvas.key(Qt.Key.Key_Right)
    raise AssertionError(f"{card} was not reached")


def titles(canvas: Canvas) -> list[str]:
    assert canvas.gestures.chooser is not None
    return [entry.title for entry in canvas.gestures.chooser.entries]


def test_a_port_and_then_its_other_end(canvas: Canvas) -> None:
    go_to(canvas, "@inputs")
    canvas.key(Qt.Key.Key_C)
    assert "prepare › text" in titles(canvas), "the only port is taken at once"
    assert canvas.scene.lit is not None
    canvas.type("answer question")
    assert canvas.scene.overlay.wire is not None, "the wire that Enter would make is drawn"
    canvas.key(Qt.Key.Key_Return)
    assert canvas.wires()[PortRef("answer", "in", "question")] == PortRef("@inputs", "out", "question")
    assert canvas.scene.lit is None
    assert canvas.scene.overlay.wire is None
    assert canvas.focus is canvas.view, "the keyboard is back on the canvas"


def test_among_several_ports_one_is_chosen_first(canvas: Canvas) -> None:
    go_to(canvas, "prepare")
    canvas.key(Qt.Key.Key_C)
    assert titles(canvas) == ["output", "text", "upper"]
    canvas.key(Qt.Key.Key_Down)
    canvas.key(Qt.Key.Key_Down)
    canvas.key(Qt.Key.Key_Return)
    assert "Inputs › New input 'upper'" in titles(canvas)
    canvas.type("new input")
    canvas.key(Qt.Key.Key_Return)
    assert "  upper:\n    type: bool\n" in canvas.yaml


def test_a_setting_can_be_wired(canvas: Canvas) -> None:
    go_to(canvas, "answer")
    canvas.key(Qt.Key.Key_C)
    canvas.type("model")
    canvas.key(Qt.Key.Key_Return)
    canvas.type("new input")
    canvas.key(Qt.Key.Key_Return)
    assert "    model: ${inputs.model}\n" in canvas.yaml


def test_what_does_not_fit_says_why_and_cannot_be_chosen(canvas: Canvas) -> None:
    go_to(canvas, "answer")
    canvas.key(Qt.Key.Key_C)
    canvas.type("output")
    canvas.key(Qt.Key.Key_Return)
    chooser = canvas.gestures.chooser
    assert chooser is not None
    refused = {entry.title: entry.note for entry in chooser.entries if not entry.enabled}
    assert refused["prepare › text"].startswith("This would go in a circle")
    canvas.type("prepare text")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.steps() == []
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.scene.lit is None


def test_a_new_node_can_be_the_other_end(canvas: Canvas) -> None:
    go_to(canvas, "@inputs")
    canvas.key(Qt.Key.Key_C)
    canvas.type("new node")
    canvas.key(Qt.Key.Key_Return)
    canvas.type("split")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.wires()[PortRef("split_a_text", "in", "text")] == PortRef("@inputs", "out", "question")


def test_a_wire_is_cut(canvas: Canvas) -> None:
    go_to(canvas, "answer")
    canvas.key(Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert titles(canvas) == ["prepare › output → answer › question", "answer › output → Outputs › answer"]
    canvas.key(Qt.Key.Key_Return)
    assert PortRef("answer", "in", "question") not in canvas.wires()


def test_a_wire_is_chosen_as_by_a_click(canvas: Canvas) -> None:
    heard: list[object] = []
    canvas.gestures.wire_chosen.connect(heard.append)
    go_to(canvas, "answer")
    canvas.key(Qt.Key.Key_W)
    canvas.type("question")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.gestures.chosen_wire is not None
    assert canvas.gestures.chosen_wire.target == PortRef("answer", "in", "question")
    assert heard == [canvas.gestures.chosen_wire]
    canvas.key(Qt.Key.Key_Delete)
    assert PortRef("answer", "in", "question") not in canvas.wires()


def test_a_node_is_inserted(canvas: Canvas) -> None:
    go_to(canvas, "@outputs")
    canvas.key(Qt.Key.Key_I)
    canvas.key(Qt.Key.Key_Return)
    canvas.type("join texts")
    canvas.key(Qt.Key.Key_Return)
    wires = canvas.wires()
    assert wires[PortRef("@outputs", "in", "answer")] == PortRef("join_texts", "out", "output")
    assert wires[PortRef("join_texts", "in", "answer")] == PortRef("answer", "out", "output")
    assert canvas.scene.rect("join_texts").right() < canvas.scene.rect("@outputs").left()


def test_a_card_without_wires_is_put_into_one(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_Tab)
    canvas.type("join texts")
    canvas.key(Qt.Key.Key_Return)
    canvas.key(Qt.Key.Key_I)
    canvas.type("outputs")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.wires()[PortRef("@outputs", "in", "answer")] == PortRef("join_texts", "out", "output")
    assert canvas.steps() == ["Add Join texts", "Insert Join texts"]
    row = [canvas.scene.rect(card) for card in ("answer", "join_texts", "@outputs")]
    assert row[0].right() < row[1].left() < row[1].right() < row[2].left(), "it stands where its wire runs"
