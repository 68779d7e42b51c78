"""One value, in the way its type asks for."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit

from flowloom.flows.model.flow import MISSING, FlowInput
from flowloom.studio.run.input_field import InputField, TextBox


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [("string", "two\nlines", "two\nlines"), ("int", "12", 12), ("double", "1.5", 1.5), ("list", "[1, 2]", [1, 2]), ("object", '{"a": 1}', {"a": 1})],
)
def test_what_is_typed_becomes_a_value_of_its_type(kind: str, typed: str, value: Any) -> None:
    field = InputField(FlowInput("x", kind))
    if isinstance(field.editor, QPlainTextEdit):
        field.editor.setPlainText(typed)
    else:
        assert isinstance(field.editor, QLineEdit)
        QTest.keyClicks(field.editor, typed)
    assert field.value == value
    assert field.problem == ""


@pytest.mark.parametrize(("kind", "typed"), [("int", "twelve"), ("double", "1,5"), ("list", "[1,")])
def test_text_that_is_no_value_is_marked_with_words(kind: str, typed: str) -> None:
    field = InputField(FlowInput("x", kind))
    field.set_value(typed)
    assert field.problem.startswith("This must be")
    assert not field.check()
    with pytest.raises(ValueError, match=r"int|float|Expecting"):
        _ = field.value


def test_an_empty_field_leaves_the_flows_default() -> None:
    assert InputField(FlowInput("x", "string")).value is MISSING
    assert InputField(FlowInput("x", "int", 3)).value is MISSING
    field = InputField(FlowInput("x", "string", "why"))
    field.set_value(MISSING)
    assert field.value == "why"


def test_choices_and_ticks() -> None:
    field = InputField(FlowInput("x", "string", enum=("a", "b")))
    assert isinstance(field.editor, QComboBox)
    field.set_value("b")
    assert field.value == "b"
    tick = InputField(FlowInput("x", "bool"))
    assert isinstance(tick.editor, QCheckBox)
    tick.editor.click()
    assert tick.value is True


def test_a_picture_is_named_by_its_file() -> None:
    field = InputField(FlowInput("x", "image"))
    field.set_value("cat.png")
    assert field.value == {"data:image/*;path": "cat.png"}
    field.set_value({"data:image/png;path": "dog.png"})
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.text() == "dog.png"


def test_a_text_grows_with_its_lines_and_tab_leaves_it() -> None:
    box = TextBox(most=4)
    box.resize(200, box.height())
    box.show()
    heights = []
    for lines in (1, 3, 4, 9):
        box.setPlainText("\n".join("x" for _ in range(lines)))
        heights.append(box.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert box.tabChangesFocus()


def test_enter_submits_where_it_should_and_shift_enter_never() -> None:
    box = TextBox(enter_submits=True)
    spy = QSignalSpy(box.submitted)
    QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (spy.count(), box.toPlainText()) == (0, "\n")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert spy.count() == 1
    plain = TextBox()
    spy = QSignalSpy(plain.submitted)
    QTest.keyClick(plain, Qt.Key.Key_Return)
    QTest.keyClick(plain, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert spy.count() == 1


def test_a_secret_is_typed_unseen() -> None:
    field = InputField(FlowInput("key", "secret"))
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(field.editor, "s3cret")
    assert field.value == "s3cret"
