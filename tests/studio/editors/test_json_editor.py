"""A value written as JSON."""

from __future__ import annotations

from PySide6.QtTest import QTest

from flowloom.studio.editors.json_editor import EMPTY, JsonEditor, as_json


def test_a_value_counts_once_it_is_whole() -> None:
    editor = JsonEditor()
    heard: list[object] = []
    editor.value_changed.connect(heard.append)
    QTest.keyClicks(editor, '{"a": 1}')
    assert heard == [{"a": 1}]
    assert editor.marks == ()
    QTest.keyClicks(editor, "]")
    assert heard == [{"a": 1}], "a text that is no JSON changes nothing"
    assert editor.marks[0].line == 1
    editor.selectAll()
    QTest.keyClicks(editor, " ")
    assert heard[-1] is EMPTY
    assert editor.marks == ()


def test_a_text_that_says_the_same_stays_as_typed() -> None:
    editor = JsonEditor()
    QTest.keyClicks(editor, "[1,   2]")
    editor.show_value([1, 2])
    assert editor.text() == "[1,   2]"
    editor.show_value([1, 2, 3])
    assert editor.text() == "[1, 2, 3]"
    editor.show_value(True)
    editor.show_value(1)
    assert editor.text() == "1", "true is not one"


def test_long_values_take_several_lines() -> None:
    assert as_json({"a": 1}) == '{"a": 1}'
    assert as_json({"name": "a rather long text that takes a line"}).count("\n") == 2
    assert as_json({1, 2}).startswith("{")
