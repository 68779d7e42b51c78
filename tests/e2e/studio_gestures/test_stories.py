"""Whole stories: a flow of three nodes from nothing, with the mouse alone and with keys alone, saved, and run from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget

from flowloom.studio.application import Studio
from tests.e2e.studio_gestures.hands import CONTROL, Hands

COMMAND = [sys.executable, "-c", "import sys; from flowloom.flows.cli.main import main; sys.exit(main())"]


def run(root: Path, *given: str) -> dict[str, object]:
    """What ``flowloom run`` answers."""
    words = [*COMMAND, "run", str(root), "--json"]
    for pair in given:
        words += ["-i", pair]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def bare(studio: Studio, application: QApplication, wait: Callable[..., None]) -> Hands:
    """The window as it starts, with nothing open."""
    hands = Hands(studio, application, wait)
    hands.front()
    return hands


def templates() -> QListWidget:
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    found = [one for one in dialog.findChildren(QListWidget) if one.accessibleName() == "Templates"]
    return found[0]


def start_with_the_mouse(hands: Hands) -> None:
    def choose() -> None:
        gallery = templates()
        item = next(gallery.item(row) for row in range(gallery.count()) if gallery.item(row).text() == "Empty canvas")
        gallery.scrollToItem(item)
        spot = gallery.visualItemRect(item).center()
        QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        hands.click_button("Create")

    hands.meanwhile(lambda: hands.click_button("New flow", hands.studio.window), [choose])
    hands.front()


def start_with_keys(hands: Hands) -> None:
    def choose() -> None:
        gallery = templates()
        for _ in range(12):
            if QApplication.focusWidget() is gallery:
                break
            hands.key(Qt.Key.Key_Tab)
        for _ in range(gallery.count()):
            if gallery.currentItem().text() == "Empty canvas":
                break
            hands.key(Qt.Key.Key_Right)
        assert gallery.currentItem().text() == "Empty canvas"
        hands.key(Qt.Key.Key_Return)

    hands.meanwhile(lambda: hands.key(Qt.Key.Key_N, CONTROL), [choose])
    hands.front()


def check(hands: Hands) -> None:
    """Three nodes stand wired between the flow's inputs and outputs, are painted, saved, and run."""
    for card in ("prompt_template", "python_tool", "join_texts"):
        assert hands.sees_card(card)
    nodes = hands.saved().split("\nnodes:\n")[1]
    assert [line.partition(": ")[2] for line in nodes.splitlines() if line.startswith("- name")] == [
        "prompt_template", "python_tool", "join_texts"
    ]  # fmt: skip
    assert run(hands.root, "text=Hello")["outputs"] == {"join_texts": "Hello\n"}


def test_with_the_mouse_alone(bare: Hands) -> None:
    hands = bare
    start_with_the_mouse(hands)
    hands.double_click(hands.empty(0.2, 0.3))
    hands.pick("Prompt template")
    hands.drag(hands.port("prompt_template", "in", "text"), hands.title("@inputs"))
    hands.drag(hands.port("prompt_template", "out", "output"), hands.empty(0.4, 0.8))
    hands.pick("Python tool")
    hands.drag(hands.port("python_tool", "out", "output"), hands.empty(0.7, 0.2))
    hands.pick("Join texts")
    hands.drag(hands.port("join_texts", "out", "output"), hands.title("@outputs"))
    for card, port in (("prompt_template", "text"), ("python_tool", "prompt_template"), ("@outputs", "join_texts")):
        assert hands.sees_wire(card, port)
    hands.main_menu("File", "Save")
    check(hands)


def test_with_keys_alone(bare: Hands) -> None:
    hands = bare
    start_with_keys(hands)
    hands.key(Qt.Key.Key_Tab)
    hands.choose("prompt template")
    hands.key(Qt.Key.Key_C)
    hands.choose("text")
    hands.choose("inputs new input")
    hands.key(Qt.Key.Key_C)
    hands.choose("output")
    hands.choose("new node")
    hands.choose("python")
    hands.key(Qt.Key.Key_C)
    hands.choose("output")
    hands.choose("new node")
    hands.choose("join texts")
    hands.key(Qt.Key.Key_C)
    hands.choose("output")
    hands.choose("outputs new output")
    hands.save()
    hands.key(Qt.Key.Key_F)
    check(hands)


@pytest.mark.model
def test_a_model_answers_in_a_flow_that_was_drawn(bare: Hands) -> None:
    hands = bare
    start_with_the_mouse(hands)
    hands.double_click(hands.empty(0.3, 0.3))
    hands.pick("Ask a model")
    hands.drag(hands.port("ask_a_model", "in", "question"), hands.title("@inputs"))
    hands.drag(hands.port("ask_a_model", "out", "output"), hands.title("@outputs"))
    hands.main_menu("File", "Save")
    answer = run(hands.root, "question=Say hello.")["outputs"]
    assert isinstance(answer, dict)
    assert str(answer["ask_a_model"]).strip()


def test_a_longer_story_with_the_mouse_leads_back_to_nothing(bare: Hands) -> None:
    """Everything that was done is undone one by one, and done again."""
    hands = bare
    start_with_the_mouse(hands)
    empty = {path.name: path.read_bytes() for path in hands.root.iterdir() if path.is_file()}
    hands.double_click(hands.empty(0.2, 0.3))
    hands.pick("Ask a model")
    hands.menu(hands.title("ask_a_model"), "Duplicate")
    start = hands.title("ask_a_model_2")
    hands.drag(start, start + QPoint(220, 90))
    hands.drag(hands.port("ask_a_model", "out", "output"), hands.body("ask_a_model_2"))
    hands.pick("question")
    hands.menu(hands.title("ask_a_model_2"), "Frame the selection")
    hands.click(hands.empty(0.9, 0.1))
    hands.menu(hands.title("ask_a_model"), "Delete and close the gap")
    hands.main_menu("File", "Save")
    assert "- name: ask_a_model_2" in hands.saved()
    assert "- name: ask_a_model\n" not in hands.saved()
    done = {path.name: path.read_bytes() for path in hands.root.iterdir() if path.is_file()}
    for _ in range(6):
        hands.main_menu("Edit", "Undo")
    hands.main_menu("File", "Save")
    assert {path.name: path.read_bytes() for path in hands.root.iterdir() if path.is_file()} == empty
    for _ in range(6):
        hands.main_menu("Edit", "Redo")
    hands.main_menu("File", "Save")
    assert {path.name: path.read_bytes() for path in hands.root.iterdir() if path.is_file()} == done


