"""Lines and texts that are edited over the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.canvas.interactions.in_place import LineEditor, TextEditor


@pytest.fixture
def room(application: QApplication):
    widget = QWidget()
    widget.resize(400, 300)
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()


def test_a_line_hands_over_once_and_only_what_changed(room: QWidget) -> None:
    handed: list[str] = []
    closed: list[bool] = []
    line = LineEditor(room, "before", "Title", handed.append, lambda: closed.append(True))
    line.open(QRect(10, 10, 100, 30))
    QTest.keyClicks(line, "after")
    QTest.keyClick(line, Qt.Key.Key_Return)
    line.finish()
    assert (handed, closed) == (["after"], [True])
    same = LineEditor(room, "before", "Title", handed.append, lambda: None)
    same.open(QRect(10, 10, 100, 30))
    QTest.keyClick(same, Qt.Key.Key_Return)
    assert handed == ["after"]


def test_it_stays_within_the_view_and_is_wide_enough(room: QWidget) -> None:
    line = LineEditor(room, "", "Title", lambda _text: None, lambda: None)
    line.open(QRect(390, 290, 20, 10))
    assert room.rect().contains(line.geometry())
    assert line.width() >= 160
    assert line.accessibleName() == "Title"


def test_a_note_takes_several_lines_and_an_input_method(room: QWidget) -> None:
    handed: list[str] = []
    text = TextEditor(room, "", "Note", handed.append, lambda: None)
    text.open(QRect(10, 10, 200, 100))
    typed = QInputMethodEvent()
    typed.setCommitString("为什么")
    QApplication.sendEvent(text, typed)
    QTest.keyClick(text, Qt.Key.Key_Return)
    QTest.keyClicks(text, "two")
    QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert handed[-1] == "为什么\ntwo"
    assert handed[0] == "为什么", "nothing waits for the end"


def test_escape_hands_over_what_was_there_before(room: QWidget) -> None:
    handed: list[str] = []
    text = TextEditor(room, "old", "Note", handed.append, lambda: None)
    text.open(QRect(10, 10, 200, 100))
    QTest.keyClicks(text, "new")
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert handed[-1] == "old"
