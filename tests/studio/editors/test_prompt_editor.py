"""The editor of prompts, by its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from flowloom.studio.editors.completion import Completion
from flowloom.studio.editors.prompt_editor import PromptEditor

PROMPT = "system:\nYou are kind.\n\nuser:\n{{question}}\n"


@pytest.fixture
def editor() -> Iterator[PromptEditor]:
    window = QWidget()
    made = PromptEditor(window)
    box = QVBoxLayout(window)
    box.addWidget(made)
    box.addWidget(QLineEdit())
    window.resize(360, 400)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    made.set_text(PROMPT)
    made.set_known(["question"], [Completion("history", "from Inputs › history", "key")])
    made.setFocus()
    made.moveCursor(QTextCursor.MoveOperation.End)
    yield made
    window.close()
    window.deleteLater()


def offered(editor: PromptEditor) -> list[str]:
    return [editor.completions.item(row).text() for row in range(editor.completions.count())] if editor.completions.isVisible() else []


def test_braces_close_and_names_are_offered(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "{{")
    assert editor.text().endswith("{{}}")
    assert offered(editor) == ["question", "history"]
    QTest.keyClicks(editor, "hi")
    assert offered(editor) == ["history"]
    chosen: list[Completion] = []
    editor.completed.connect(chosen.append)
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text().endswith("{{history}}")
    assert [offer.key for offer in chosen] == ["key"]


def test_tags_offer_their_words_and_pipes_their_filters(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "{% en")
    assert "endif" in offered(editor)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "{{ question | up")
    assert offered(editor) == ["upper"]


def test_a_role_is_completed_at_the_beginning_of_a_line(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "as")
    assert offered(editor) == ["assistant:"]
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text().endswith("\nassistant:")
    editor.set_known(["question"], (), chat=False)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "us")
    assert offered(editor) == []


def test_escape_closes_the_list_and_nothing_else(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "{{")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert offered(editor) == []
    assert editor.text().endswith("{{}}")


def test_suggestions_come_when_asked_for(editor: PromptEditor) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(PROMPT.index("question"))
    editor.setTextCursor(cursor)
    assert offered(editor) == []
    QTest.keyClick(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert "history" in offered(editor)


def test_a_name_without_a_value_is_marked_where_it_first_stands(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "Be tone {{tone")
    editor.check()
    marks = [(mark.line, mark.word, mark.severity) for mark in editor.marks]
    assert marks == [(6, "tone", "warning")]
    editor.set_known(["question", "tone"])
    assert editor.marks == ()


def test_what_cannot_be_read_is_marked_after_a_pause_only(editor: PromptEditor, wait: Callable[..., None]) -> None:
    editor.set_text("user:\n{% if question %}\n")
    assert editor.marks == (), "half a tag is no fault while one types"
    wait(lambda: editor.marks)
    assert editor.marks[0].severity == "error"
    assert editor.marks[0].line == 2
    assert editor.variables == ("question",), "names keep their colour meanwhile"
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, "x")
    assert [mark for mark in editor.marks if mark.severity == "error"] == [], "a fault goes as soon as one types on"


def test_tab_leads_on(editor: PromptEditor) -> None:
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == PROMPT
    assert not editor.hasFocus()
