"""Fields for texts, yes or no, and choices."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.value_fields import (
    ChoiceField,
    GrowingText,
    LinesField,
    SwitchField,
    TextField,
    shown_value,
)


def test_a_text_is_given_as_it_is_typed_and_taken_back_when_emptied() -> None:
    field = TextField(Port("user", "string", required=False, default="nobody"), "User")
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.set_value("a")
    assert heard == []
    assert field.line.placeholderText() == "nobody"
    QTest.keyClicks(field.line, "b")
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    assert heard == ["ab", "a", MISSING]


def test_a_secret_is_not_shown() -> None:
    field = TextField(Port("key", "secret"), "Key")
    field.set_value("s3cret")
    assert "s3cret" not in field.line.displayText()


def test_many_lines_stay_whole_and_grow_the_field() -> None:
    field = LinesField(Port("text", "string"), "Text")
    field.resize(200, 60)
    field.show()
    heard: list[object] = []
    field.edited.connect(heard.append)
    low = field.lines.height()
    field.set_value("one\ntwo\u00a0three\n")
    assert heard == []
    assert field.lines.text() == "one\ntwo\u00a0three\n"
    assert field.lines.height() > low
    field.set_value("\n" * 50)
    highest = field.lines.height()
    field.set_value("\n" * 90)
    assert field.lines.height() == highest
    field.close()


def test_the_cursor_stays_where_one_types() -> None:
    field = LinesField(Port("text", "string"), "Text")
    field.edited.connect(lambda value: field.set_value(value))
    field.set_value("abc")
    cursor = field.lines.textCursor()
    cursor.setPosition(1)
    field.lines.setTextCursor(cursor)
    QTest.keyClicks(field.lines, "xy")
    assert field.lines.text() == "axybc"


def test_all_lines_that_fit_are_shown_whole(application: QApplication) -> None:
    text = GrowingText()
    text.resize(200, 30)
    text.show()
    text.set_text("one\ntwo\nthree")
    application.processEvents()
    assert text.verticalScrollBar().maximum() == 0
    text.close()


def test_yes_or_no_shows_what_holds_by_default() -> None:
    field = SwitchField(Port("echo", "bool", required=False, default=True), "Echo")
    heard: list[object] = []
    field.edited.connect(heard.append)
    assert field.switch.isChecked()
    assert field.switch.faded
    assert field.state.text() == "on, by default"
    QTest.mouseClick(field.switch, Qt.MouseButton.LeftButton)
    assert heard == [False]
    field.set_value("TRUE")
    assert (field.switch.isChecked(), field.switch.faded) == (True, False)
    field.set_value(MISSING)
    assert field.switch.faded


def test_a_choice_offers_the_default_and_keeps_what_is_not_among_the_choices() -> None:
    field = ChoiceField(Port("mode", "string", required=False, default="first", choices=("first", "all")), "Mode")
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.set_value(MISSING)
    assert field.combo.currentText() == "default: first"
    QTest.keyClick(field.combo, Qt.Key.Key_Down)
    QTest.keyClick(field.combo, Qt.Key.Key_Down)
    assert heard == ["first", "all"]
    QTest.keyClick(field.combo, Qt.Key.Key_Home)
    assert heard[-1] is MISSING
    field.set_value("some")
    assert field.combo.currentText() == "some"


def test_values_are_shown_as_a_person_types_them() -> None:
    assert [shown_value(value) for value in (True, 2.0, 0.25, 7, "x", [1])] == ["true", "2", "0.25", "7", "x", "[1]"]
