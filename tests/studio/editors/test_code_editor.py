"""What all editors share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from flowloom.studio.editors.code_editor import CodeEditor, Mark


@pytest.fixture
def editor() -> Iterator[CodeEditor]:
    made = CodeEditor()
    made.resize(320, 200)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    made.setFocus()
    yield made
    made.close()
    made.deleteLater()


def typed(editor: CodeEditor) -> list[str]:
    heard: list[str] = []
    editor.edited.connect(heard.append)
    return heard


def test_only_what_a_person_types_is_an_edit(editor: CodeEditor) -> None:
    heard = typed(editor)
    editor.set_text("hello")
    assert heard == []
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, "!?")
    assert heard == ["hello!", "hello!?"]


def test_a_text_from_elsewhere_leaves_the_cursor_where_it_was(editor: CodeEditor) -> None:
    editor.set_text("one\ntwo\nthree")
    cursor = editor.textCursor()
    cursor.setPosition(10)
    editor.setTextCursor(cursor)
    editor.set_text("ONE!\ntwo\nthree")
    assert editor.textCursor().position() == 11
    assert editor.textCursor().block().text() == "three"


def test_characters_that_qt_would_replace_stay(editor: CodeEditor) -> None:
    text = "a\u00a0b\u2028c 😀\td"
    editor.set_text(text)
    assert editor.text() == text
    editor.moveCursor(QTextCursor.MoveOperation.End)
    heard = typed(editor)
    QTest.keyClicks(editor, "x")
    assert heard == [text + "x"]


def test_texts_with_emoji_change_at_the_right_place(editor: CodeEditor) -> None:
    editor.set_text("😀😀 one")
    editor.set_text("😀😀😀 two")
    assert editor.text() == "😀😀😀 two"


def test_undo_is_asked_for_and_never_done_here(editor: CodeEditor) -> None:
    asked: list[str] = []
    editor.undo_asked.connect(lambda: asked.append("undo"))
    editor.redo_asked.connect(lambda: asked.append("redo"))
    QTest.keyClicks(editor, "abc")
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(editor, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert asked == ["undo", "redo", "redo"]
    assert editor.text() == "abc"


def test_an_input_method_composes_before_it_writes(editor: CodeEditor) -> None:
    heard = typed(editor)
    QCoreApplication.sendEvent(editor, QInputMethodEvent("nihao", []))
    assert editor.text() == "", "what is being composed is no text yet"
    assert heard == []
    event = QInputMethodEvent()
    event.setCommitString("你好")
    QCoreApplication.sendEvent(editor, event)
    assert heard == ["你好"]
    assert editor.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)


def test_marks_stand_on_their_line_and_are_read_out(editor: CodeEditor) -> None:
    editor.set_text("first\nsecond line\nthird")
    editor.set_marks([Mark(2, "Strange.", "warning", "line"), Mark(2, "Wrong.")])
    assert editor.mark_of(1) is None
    mark = editor.mark_of(2)
    assert mark is not None
    assert mark.message == "Wrong.", "errors come before warnings"
    underlined = [extra.cursor.selectedText() for extra in editor.extraSelections() if extra.cursor.hasSelection()]
    assert underlined == ["line", "second line"]


def test_it_leads_to_a_line(editor: CodeEditor) -> None:
    editor.set_text("\n".join(f"line {number}" for number in range(1, 101)))
    editor.go_to(80)
    assert editor.textCursor().block().text() == "line 80"
    assert editor.viewport().rect().contains(editor.cursorRect())
    editor.go_to(5000)
    assert editor.textCursor().block().text() == "line 100"


def test_it_grows_with_its_text_up_to_a_bound(editor: CodeEditor) -> None:
    small = editor.sizeHint().height()
    editor.set_text("\n" * 10)
    larger = editor.sizeHint().height()
    assert larger > small
    editor.set_text("\n" * 500)
    assert editor.sizeHint().height() > larger
    highest = editor.sizeHint().height()
    editor.set_text("\n" * 900)
    assert editor.sizeHint().height() == highest


def test_the_wheel_passes_on_where_there_is_nothing_to_scroll(editor: CodeEditor, wait: Callable[..., None]) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    def turn() -> QWheelEvent:
        middle = QPointF(editor.rect().center())
        event = QWheelEvent(
            middle, editor.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        editor.wheelEvent(event)
        return event

    editor.set_text("short")
    assert not turn().isAccepted()
    editor.set_text("\n" * 100)
    wait(lambda: editor.verticalScrollBar().maximum() > 0)
    assert turn().isAccepted()


def test_lines_that_wrap_out_of_sight_count_too(wait: Callable[..., None]) -> None:
    window = QWidget()
    box = QVBoxLayout(window)
    made = CodeEditor()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.addWidget(made)
    window.resize(240, 700)
    window.show()
    made.set_text("\n".join("a line that is too long for so narrow a window" for _ in range(5)))
    wait(lambda: made.height() == made.sizeHint().height() and made.verticalScrollBar().maximum() == 0)
    assert made._visual_lines() >= 10
    window.close()
    window.deleteLater()
