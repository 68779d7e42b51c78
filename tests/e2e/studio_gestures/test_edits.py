"""Copy, cut, paste, duplicate, delete, undo, frames and notes, finding: by the mouse and by keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from tests.e2e.studio_gestures.hands import ALT, CONTROL, SHIFT

if TYPE_CHECKING:
    from tests.e2e.studio_gestures.hands import Hands

COLLEAGUE = """\
Hi, add this please:

- name: shout
  type: python
  source:
    type: package
    tool: loom.text.join
  inputs:
    words: ${prepare.output}

Thanks!
"""


def layout(hands: Hands) -> dict[str, list[dict[str, object]]]:
    hands.save()
    return json.loads(hands.saved("flow.layout.json"))


def check_copies(hands: Hands) -> None:
    hands.save()
    saved = hands.saved()
    assert "- name: prepare_2\n" in saved
    assert "    question: ${prepare_2.output}\n" in saved.split("- name: answer_2")[1], "wires among copies are kept"
    assert hands.saved("answer_2.jinja2") == hands.saved("answer.jinja2")
    assert hands.sees_card("answer_2")


def test_copy_and_paste_with_the_mouse(hands: Hands) -> None:
    hands.click(hands.title("prepare"))
    hands.click(hands.title("answer"), SHIFT)
    hands.menu(hands.title("answer"), "Copy")
    assert QGuiApplication.clipboard().text().startswith("nodes:\n- name: prepare\n")
    hands.menu(hands.empty(0.1), "Paste")
    check_copies(hands)


def test_copy_and_paste_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_Right, SHIFT)
    hands.key(Qt.Key.Key_C, CONTROL)
    hands.key(Qt.Key.Key_V, CONTROL)
    check_copies(hands)


def test_a_colleagues_message_is_pasted(hands: Hands) -> None:
    QGuiApplication.clipboard().setText(COLLEAGUE)
    hands.key(Qt.Key.Key_V, CONTROL)
    hands.save()
    assert "- name: shout\n" in hands.saved()
    assert hands.sees_wire("shout", "words")


def test_cut_with_the_mouse(hands: Hands) -> None:
    hands.menu(hands.title("answer"), "Cut")
    hands.save()
    assert "- name: answer" not in hands.saved()
    hands.menu(hands.empty(), "Paste")
    hands.save()
    assert "- name: answer" in hands.saved()
    assert hands.saved("answer.jinja2").startswith("system:\nYou are kind.\n")


def test_cut_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_X, CONTROL)
    hands.save()
    assert "- name: answer" not in hands.saved()
    hands.key(Qt.Key.Key_Z, CONTROL)
    hands.save()
    assert "- name: answer" in hands.saved()


def test_duplicate_with_the_mouse(hands: Hands) -> None:
    hands.click(hands.title("prepare"))
    hands.click(hands.title("answer"), SHIFT)
    hands.menu(hands.title("answer"), "Duplicate")
    check_copies(hands)


def test_duplicate_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_Right, SHIFT)
    hands.key(Qt.Key.Key_D, CONTROL)
    check_copies(hands)


def test_delete_with_the_mouse(hands: Hands) -> None:
    before = hands.saved()
    spot = hands.view.mapFromScene(hands.scene.rect("answer")).boundingRect().center()
    hands.menu(hands.title("answer"), "Delete")
    hands.save()
    assert "- name: answer" not in hands.saved()
    assert not (hands.root / "answer.jinja2").exists(), "what nothing uses goes to the trash"
    from PySide6.QtCore import QRect

    assert hands.ink(QRect(spot.x() - 10, spot.y() - 10, 20, 20)) < 0.3
    hands.undo_to_nothing()
    hands.save()
    assert hands.saved() == before
    assert hands.saved("answer.jinja2").startswith("system:")


def test_delete_and_close_the_gap_with_the_mouse(hands: Hands) -> None:
    hands.menu(hands.title("prepare"), "Delete and close the gap")
    hands.save()
    assert "    question: ${inputs.question}\n" in hands.saved()
    assert hands.sees_wire("answer", "question")


def test_delete_and_close_the_gap_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_Delete, CONTROL)
    hands.save()
    assert "    question: ${inputs.question}\n" in hands.saved()


def test_undo_and_redo_with_the_mouse(hands: Hands) -> None:
    before = hands.saved()
    hands.drag(hands.port("@inputs", "out", "question"), hands.port("answer", "in", "question"))
    hands.save()
    after = hands.saved()
    hands.main_menu("Edit", "Undo")
    hands.save()
    assert hands.saved() == before
    hands.main_menu("Edit", "Redo")
    hands.save()
    assert hands.saved() == after


def test_undo_of_everything_with_keys(hands: Hands) -> None:
    before = hands.saved()
    hands.key(Qt.Key.Key_A, CONTROL)
    for key, held in ((Qt.Key.Key_D, CONTROL), (Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Delete, CONTROL)):
        hands.key(key, held)
    hands.key(Qt.Key.Key_L)
    hands.save()
    assert hands.saved() != before or (hands.root / "flow.layout.json").exists()
    hands.undo_to_nothing()
    hands.save()
    assert hands.saved() == before
    assert not (hands.root / "flow.layout.json").exists(), "also the file that was not there"


# Frames and notes


def test_frame_with_the_mouse(hands: Hands) -> None:
    hands.click(hands.title("prepare"))
    hands.menu(hands.title("prepare"), "Frame the selection")
    hands.type("First step")
    hands.click(hands.empty())
    (frame,) = layout(hands)["frames"]
    assert frame["title"] == "First step"
    rect = hands.scene.rect(str(frame["id"]))
    assert rect.contains(hands.scene.rect("prepare"))
    start = hands.at(rect.topLeft() + QPointF(rect.width() / 2, 14))
    before = hands.scene.rect("prepare").y()
    hands.drag(start, start + QPoint(0, 60))
    assert hands.scene.rect("prepare").y() > before, "what stands in it goes along"


def test_frame_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_G)
    hands.type("First step")
    hands.key(Qt.Key.Key_Return)
    (frame,) = layout(hands)["frames"]
    assert frame["title"] == "First step"
    hands.key(Qt.Key.Key_Down, CONTROL, times=3)
    (moved,) = layout(hands)["frames"]
    assert moved["y"] == frame["y"] + 24  # pyright: ignore[reportOperatorIssue]


def test_note_with_the_mouse(hands: Hands) -> None:
    at = hands.empty(0.2)
    hands.menu(at, "Add a note")
    hands.type("Ask Ann")
    hands.click(hands.empty(0.7))
    (note,) = layout(hands)["notes"]
    assert note["text"] == "Ask Ann"
    corner = hands.at(hands.scene.rect(str(note["id"])).bottomRight() - QPointF(3, 3))
    hands.drag(corner, corner + QPoint(-28, -14))
    (smaller,) = layout(hands)["notes"]
    assert smaller["width"] < 200  # pyright: ignore[reportOperatorIssue]


def test_note_with_keys(hands: Hands) -> None:
    hands.key(Qt.Key.Key_N)
    hands.type("Ask Ann")
    hands.key(Qt.Key.Key_Return, CONTROL)
    hands.key(Qt.Key.Key_Right, ALT, times=3)
    (note,) = layout(hands)["notes"]
    assert (note["text"], note["width"]) == ("Ask Ann", 224)
    assert hands.ink(hands.view.mapFromScene(hands.scene.rect(str(note["id"]))).boundingRect().adjusted(8, 8, -8, -8)) > 0.9


# Finding and opening


def test_find_with_keys_leads_to_the_place(hands: Hands) -> None:
    hands.key(Qt.Key.Key_F, CONTROL)
    hands.type("kind")
    hands.settle()
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: hands.studio.workspace.selection == ("answer",))


def test_enter_and_double_click_open_the_form(hands: Hands) -> None:
    inspector = hands.studio.window.docks["inspector"]
    hands.double_click(hands.body("prepare"))
    assert inspector.isAncestorOf(hands.focus)
    hands.click(hands.empty())
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_Return)
    assert inspector.isAncestorOf(hands.focus)
