"""Events of the view, and what all gestures use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from flowloom.flows.model.edits import DeleteNodes
from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_the_library_adds_beside_the_current_card(canvas: Canvas) -> None:
    canvas.click(canvas.title("answer"))
    canvas.gestures.add_node("loom.text.join")
    first = canvas.scene.rect("join_texts")
    assert first.left() > canvas.scene.rect("answer").right()
    others = [canvas.scene.rect(card) for card in canvas.scene.cards.cards if card != "join_texts"]
    assert not any(first.intersects(other) for other in others)


def test_new_cards_do_not_move_the_others(canvas: Canvas) -> None:
    before = {card: canvas.scene.rect(card).topLeft() for card in canvas.scene.cards.cards}
    canvas.gestures.add_node("loom.llm.chat")
    assert {card: canvas.scene.rect(card).topLeft() for card in before} == before
    assert canvas.steps() == ["Add Ask a model"]


def test_what_cannot_be_edited_can_be_looked_at_only(open_canvas: Callable[..., Canvas]) -> None:
    canvas = open_canvas({"flow.flex.yaml": "entry: main:run\n", "main.py": "def run(text: str) -> str:\n    return text\n"})
    (card,) = [id for id in canvas.scene.cards.cards if not id.startswith("@")]
    canvas.drag(canvas.title(card), canvas.title(card) + QPoint(50, 50))
    canvas.gestures.add_node("loom.llm.chat")
    assert canvas.said == ["This kind of flow is one file; nodes cannot be added to it."]
    assert "ask_a_model" not in canvas.document.flow.nodes


def test_a_fold_is_clicked(canvas: Canvas) -> None:
    from PySide6.QtCore import QPointF

    rect = canvas.scene.rect("answer")
    spots = [QPointF(rect.left() + x, rect.top() + 16) for x in range(0, int(rect.width()), 2)]
    folds = [spot for spot in spots if canvas.scene.hit(spot).kind == "fold"]
    canvas.move(canvas.title("answer"))
    if folds:
        canvas.click(canvas.at(folds[len(folds) // 2]))
    else:
        canvas.click(canvas.title("answer"))
        canvas.key(Qt.Key.Key_M)
    assert canvas.document.layout.places["answer"].collapsed


def test_a_drag_at_the_edge_pulls_the_canvas_along(canvas: Canvas) -> None:
    start = canvas.title("answer")
    rect = canvas.scene.rect("answer")
    edge = QPoint(start.x(), canvas.view.viewport().height() - 4)
    canvas.press(start)
    canvas.move_held(start + QPoint(0, 60), Qt.KeyboardModifier.NoModifier)
    canvas.move_held(edge, Qt.KeyboardModifier.NoModifier)
    shown = canvas.view.visible_rect().top()
    canvas.wait(lambda: canvas.view.visible_rect().top() > shown + 100)
    canvas.release(edge)
    assert canvas.scene.rect("answer").top() > rect.top() + canvas.view.viewport().height() / 2
    assert canvas.steps() == ["Move"]


def test_one_can_zoom_while_a_wire_is_in_the_hand(canvas: Canvas) -> None:
    start = canvas.port("@inputs", "out", "question")
    canvas.press(start)
    canvas.move_held(start + QPoint(40, 40), Qt.KeyboardModifier.NoModifier)
    canvas.turn_wheel(start + QPoint(40, 40), -2)
    goal = canvas.port("answer", "in", "question")
    canvas.move_held(goal, Qt.KeyboardModifier.NoModifier)
    canvas.release(goal)
    assert canvas.wires()[PortRef("answer", "in", "question")] == PortRef("@inputs", "out", "question")


def test_a_change_from_elsewhere_ends_what_was_begun(canvas: Canvas) -> None:
    start = canvas.title("answer")
    canvas.press(start)
    canvas.move_held(start + QPoint(0, 60), Qt.KeyboardModifier.NoModifier)
    canvas.document.apply(DeleteNodes(("answer",)))
    canvas.move_held(start + QPoint(0, 90), Qt.KeyboardModifier.NoModifier)
    canvas.release(start + QPoint(0, 90))
    assert canvas.steps() == ["Delete answer"]


def test_a_chosen_wire_that_is_gone_is_chosen_no_more(canvas: Canvas) -> None:
    canvas.click(canvas.at(canvas.scene.wire_items[PortRef("answer", "in", "question")].route.middle))
    assert canvas.gestures.chosen_wire is not None
    canvas.document.apply(DeleteNodes(("prepare",)))
    assert canvas.gestures.chosen_wire is None
    canvas.key(Qt.Key.Key_Delete)
    assert canvas.refused == []
