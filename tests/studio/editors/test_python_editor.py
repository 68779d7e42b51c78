"""The editor of Python tools, by its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from flowloom.studio.editors.python_editor import PythonEditor, names_of

CONTROL = Qt.KeyboardModifier.ControlModifier
TOOL = "from promptflow.core import tool\n\n\n@tool\ndef work(question: str) -> str:\n    return question\n"


@pytest.fixture
def editor() -> Iterator[PythonEditor]:
    window = QWidget()
    box = QVBoxLayout(window)
    made = PythonEditor(path="work.py")
    box.addWidget(made)
    box.addWidget(QLineEdit())
    window.resize(420, 320)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    made.setFocus()
    yield made
    window.close()
    window.deleteLater()


def press(editor: PythonEditor, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(editor, key)


def test_indentation_follows_the_code(editor: PythonEditor) -> None:
    QTest.keyClicks(editor, "def f(a):")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "if a:")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "return 1")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "x = [")
    press(editor, Qt.Key.Key_Return)
    assert editor.text() == "def f(a):\n    if a:\n        return 1\n    x = [\n        "
    press(editor, Qt.Key.Key_Backspace)
    assert editor.text().endswith("[\n    ")


def test_tab_indents_lines_and_backtab_takes_it_back(editor: PythonEditor) -> None:
    editor.set_text("a\n\n  b\n")
    editor.selectAll()
    press(editor, Qt.Key.Key_Tab)
    assert editor.text() == "    a\n\n      b\n"
    press(editor, Qt.Key.Key_Backtab)
    assert editor.text() == "a\n\n  b\n"
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(editor, "xy")
    press(editor, Qt.Key.Key_Tab)
    assert editor.text().startswith("xy  a")


def test_lines_are_commented_out_and_in(editor: PythonEditor) -> None:
    editor.set_text("if a:\n    😀 = 1\n")
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == "# if a:\n    # 😀 = 1\n"
    QTest.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == "if a:\n    😀 = 1\n"


def test_escape_and_tab_lead_out_of_the_editor(editor: PythonEditor) -> None:
    editor.set_text(TOOL)
    assert editor.hasFocus()
    press(editor, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
    assert editor.text() == TOOL
    assert not editor.hasFocus()


def test_names_of_the_file_come_first(editor: PythonEditor) -> None:
    editor.set_text(TOOL)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, "qu")
    assert editor.completions.item(0).text() == "question"
    press(editor, Qt.Key.Key_Return)
    assert editor.text().endswith("question")
    QTest.keyClicks(editor, ".st")
    assert not editor.completions.isVisible()


def test_nothing_is_offered_in_comments_and_texts(editor: PythonEditor) -> None:
    editor.set_text(TOOL)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, "# que")
    assert not editor.completions.isVisible()


def test_what_is_wrong_stands_on_its_line(editor: PythonEditor, wait: Callable[..., None]) -> None:
    editor.set_text(TOOL.replace("return question", "return question +"))
    wait(lambda: editor.marks)
    assert editor.marks[0].line == 6
    editor.set_text("def work():\n    pass\n")
    editor.check()
    assert "@tool" in editor.marks[0].message or "no tool" in editor.marks[0].message
    editor.set_text(TOOL)
    editor.check()
    assert editor.marks == ()


def test_a_broken_file_still_gives_its_words() -> None:
    assert "question" in names_of("def f(question:\n")
    assert names_of(TOOL)["question"] == "parameter"
    assert names_of("import os.path as p, json\n") == {"p": "imported", "json": "imported"}
