"""Commands of the current card, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from flowloom.flows.model.edits import SetNodeKey
from flowloom.flows.model.flow import Reference
from flowloom.studio.commands.table import commands

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def test_enter_opens_the_card(canvas: Canvas) -> None:
    asked: list[tuple[object, ...]] = []
    canvas.workspace.place_asked.connect(lambda *place: asked.append(place))
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_Return)
    assert asked == [("answer", "", 0)]


def test_a_colour_for_cards_frames_and_notes(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_N)
    canvas.key(Qt.Key.Key_Escape)
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    canvas.key(Qt.Key.Key_O)
    canvas.type("purple")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.document.layout.notes[0].color == "purple"
    assert {place.color for place in canvas.document.layout.places.values()} == {"purple"}
    assert canvas.steps() == ["Add note", "Colour"]


def test_bypass_turns_on_and_off(canvas: Canvas) -> None:
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_B)
    node = canvas.document.node("answer")
    assert node is not None
    assert node.activate is not None
    assert commands()["node.bypass"].checked is not None
    assert commands()["node.bypass"].checked(canvas.workspace)
    canvas.key(Qt.Key.Key_B)
    assert "activate" not in canvas.yaml


def test_a_condition_of_its_own_is_not_overwritten(canvas: Canvas) -> None:
    canvas.document.apply(SetNodeKey("answer", ("activate",), {"when": Reference("node", "prepare"), "is": "x"}))
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_B)
    assert "is: x" in canvas.yaml


def test_keys_do_not_mean_two_things() -> None:
    seen: dict[str, str] = {}
    for command in commands().values():
        for key in command.keys:
            assert key not in seen, f"{key} means {seen[key]} and {command.id}"
            seen[key] = command.id
