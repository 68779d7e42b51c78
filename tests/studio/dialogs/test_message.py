"""Short dialogs: told in plain words, answered by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from flowloom.flows.errors import DocumentError
from flowloom.studio.application import Studio
from flowloom.studio.dialogs.message import Message, ask, tell

ANSWERS = [("lose", "Don't save", "danger"), ("", "Cancel", ""), ("save", "Save", "primary")]


def soon(studio: Studio, act: Callable[[Message], object]) -> None:
    def now() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        act(dialog)

    QTimer.singleShot(50, studio, now)


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, "save"), (Qt.Key.Key_Escape, "")])
def test_keys_answer(studio: Studio, key: Qt.Key, answer: str) -> None:
    soon(studio, lambda dialog: QTest.keyClick(dialog, key))
    assert ask(studio.window, "Save?", "Or lose it.", ANSWERS) == answer


def test_a_click_answers(studio: Studio) -> None:
    soon(studio, lambda dialog: QTest.mouseClick(dialog.buttons["lose"], Qt.MouseButton.LeftButton))
    assert ask(studio.window, "Save?", "Or lose it.", ANSWERS) == "lose"


def test_an_error_is_told_with_its_next_step_and_place_and_no_markup_is_obeyed(studio: Studio) -> None:
    seen: list[QLabel] = []
    error = DocumentError("<b>flow</b> cannot be read.", hint="Check that it is YAML.", file="flow.dag.yaml", line=3)
    soon(studio, lambda dialog: (seen.extend(dialog.findChildren(QLabel)), dialog.accept()))
    tell(studio.window, error)
    words = [label.text() for label in seen]
    assert "<b>flow</b> cannot be read." in words
    assert "Check that it is YAML.\nflow.dag.yaml:3" in words
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in seen if label.text())
