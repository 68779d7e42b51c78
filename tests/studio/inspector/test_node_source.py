"""The prompt or code of a node in its form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from flowloom.flows.model.edits import SetText
from flowloom.flows.model.flow import Reference
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.inspector.source_editor import SourceEditor

Choose = Callable[..., object]
CONTROL = Qt.KeyboardModifier.ControlModifier


def source(choose: Choose, name: str) -> tuple[NodeForm, SourceEditor]:
    form = choose(name)
    assert isinstance(form, NodeForm)
    assert form.source.view is not None
    view = form.source.view
    view.editor.setFocus()
    view.editor.moveCursor(QTextCursor.MoveOperation.End)
    return form, view


def test_a_variable_typed_is_an_input_at_once(document: FlowDocument, choose: Choose) -> None:
    form, view = source(choose, "answer")
    QTest.keyClicks(view.editor, "Be {{tone")
    ports = document.ports("answer")
    assert ports is not None
    assert "tone" in ports.inputs
    assert ("inputs", "tone") in form.rows
    assert view.editor.hasFocus(), "the row that came does not take the keyboard"
    assert view.editor.text().endswith("Be {{tone}}")


def test_a_completed_name_is_wired_to_what_it_names(document: FlowDocument, choose: Choose) -> None:
    _form, view = source(choose, "answer")
    QTest.keyClicks(view.editor, "{{prep")
    QTest.keyClick(view.editor, Qt.Key.Key_Return)
    assert document.text("answer.jinja2").endswith("{{prepare}}")
    assert document.flow.nodes["answer"].inputs["prepare"] == Reference("node", "prepare")  # type: ignore[index]


def test_ports_follow_the_signature_as_it_is_typed_and_stay_while_it_is_broken(document: FlowDocument, choose: Choose) -> None:
    form, view = source(choose, "prepare")
    QTest.keyClicks(view.editor, "x = (")
    assert document.fault("prepare") is not None
    assert [path[-1] for path in form.rows] == ["text", "upper"], "half a line takes nothing away"
    for _ in "x = (":
        QTest.keyClick(view.editor, Qt.Key.Key_Backspace)
    cursor = view.editor.textCursor()
    cursor.setPosition(view.editor.text().index("upper"))
    view.editor.setTextCursor(cursor)
    QTest.keyClicks(view.editor, "tone: str, ")
    assert [path[-1] for path in form.rows] == ["text", "tone", "upper"]


def test_undo_and_redo_are_the_flow_s_in_the_editor_too(document: FlowDocument, choose: Choose) -> None:
    _form, view = source(choose, "answer")
    before = document.text("answer.jinja2")
    QTest.keyClicks(view.editor, "abc")
    assert document.undo_stack.count() == 1, "what is typed in one go is one step"
    QTest.keyClick(view.editor, Qt.Key.Key_Z, CONTROL)
    assert (document.text("answer.jinja2"), view.editor.text()) == (before, before)
    QTest.keyClick(view.editor, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert document.text("answer.jinja2") == before + "abc"


def test_a_change_from_elsewhere_is_shown(document: FlowDocument, choose: Choose) -> None:
    _form, view = source(choose, "answer")
    document.apply(SetText("answer.jinja2", "user:\nNew\n"))
    assert view.editor.text() == "user:\nNew\n"
    assert view.tokens.text() == "about 3 tokens"


def test_line_ends_of_the_file_stay(document: FlowDocument, choose: Choose) -> None:
    document.apply(SetText("answer.jinja2", "user:\r\n{{question}}\r\n"))
    _form, view = source(choose, "answer")
    QTest.keyClicks(view.editor, "!")
    QTest.keyClick(view.editor, Qt.Key.Key_Return)
    assert document.text("answer.jinja2") == "user:\r\n{{question}}\r\n!\r\n"


def test_variants_are_added_looked_at_and_dropped(document: FlowDocument, choose: Choose) -> None:
    _form, view = source(choose, "answer")
    first = document.text("answer.jinja2")
    QTest.mouseClick(view.variants.add, Qt.MouseButton.LeftButton)
    assert [tab.text() for tab in view.variants.tabs()] == ["A ●", "B"]
    view.editor.setFocus()
    view.editor.selectAll()
    QTest.keyClicks(view.editor, "Short.")
    assert document.text("answer__variant_1.jinja2") == "Short."
    QTest.mouseClick(view.variants.tabs()[0], Qt.MouseButton.LeftButton)
    assert view.editor.text() == first
    QTest.mouseClick(view.variants.tabs()[1], Qt.MouseButton.LeftButton)
    assert view.editor.text() == "Short."
    view.variants.open_details()
    assert view.variants.details is not None
    QTest.mouseClick(view.variants.details.keep, Qt.MouseButton.LeftButton)
    assert document.flow.variants == {}
    assert document.flow.nodes["answer"].source.path == "answer__variant_1.jinja2"  # type: ignore[index]
    assert view.editor.text() == "Short."


def test_a_variant_is_renamed_made_the_default_and_deleted(document: FlowDocument, choose: Choose) -> None:
    _form, view = source(choose, "answer")
    QTest.mouseClick(view.variants.add, Qt.MouseButton.LeftButton)
    view.variants.renamed.emit("variant_1", "short")
    assert document.flow.nodes["answer"].variant == "short"  # type: ignore[index]
    view.variants.described.emit("short", "fewer words")
    view.variants.default_asked.emit("short")
    variants = document.flow.variants["answer"]  # type: ignore[index]
    assert (variants.default, variants.choices["short"].description) == ("short", "fewer words")  # type: ignore[index]
    view.variants.delete_asked.emit("variant_0")
    assert list(document.flow.variants["answer"].choices) == ["short"]  # type: ignore[index]


def test_messages_say_what_is_missing_where_nothing_can_be_filled_in(choose: Choose) -> None:
    _form, view = source(choose, "answer")
    QTest.mouseClick(view.messages_tab, Qt.MouseButton.LeftButton)
    assert view.shows_messages
    assert view.editor.isHidden()
    QTest.mouseClick(view.prompt_tab, Qt.MouseButton.LeftButton)
    assert not view.editor.isHidden()


def test_what_is_wrong_with_the_code_is_said_once(
    document: FlowDocument, flow_folder: Path, choose: Choose, inspector: Inspector, wait: Callable[..., None]
) -> None:
    (flow_folder / "prepare.py").write_text("def prepare(:\n")
    document.reload()
    assert document.ports("prepare") is None
    form, view = source(choose, "prepare")
    wait(lambda: document.checker.settled and view.fault.isVisible())
    assert form.fault.isHidden()
    assert inspector.problems.isHidden()
    assert [mark.line for mark in view.editor.marks] == [1]
