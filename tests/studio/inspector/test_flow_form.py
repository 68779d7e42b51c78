"""The flow's own settings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.controls import Section
from flowloom.studio.inspector.flow_form import FlowForm

Write = Callable[[QWidget, str], None]


def test_name_description_and_kind_are_written(document: FlowDocument, choose: Callable[..., object], write: Write) -> None:
    before = dict(document.files)
    form = choose()
    assert isinstance(form, FlowForm)
    write(form.name, "Ask the handbook")
    write(form.description, "Answers from our own pages")
    QTest.keyClick(form.type, Qt.Key.Key_Down)
    flow = document.flow
    assert (flow.display_name, flow.description, flow.type) == ("Ask the handbook", "Answers from our own pages", "chat")
    assert document.undo_stack.count() == 3
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.files == before
    assert form.name.text() == ""


def test_settings_of_engineers_are_objects_and_lists(document: FlowDocument, choose: Callable[..., object], write: Write) -> None:
    form = choose()
    assert isinstance(form, FlowForm)
    form.more.set_open(True)
    write(form.environment, '{"MODE": "test"}')
    write(form.tags, '{"team": "support"')
    write(form.includes, "../shared/helper.py")
    flow = document.flow
    assert dict(flow.environment_variables) == {"MODE": "test"}
    assert dict(flow.tags) == {}, "half an object is none yet"
    assert flow.additional_includes == ("../shared/helper.py",)
    form.environment.selectAll()
    QTest.keyClick(form.environment, Qt.Key.Key_Delete)
    assert "environment_variables" not in document.file.data
    Section.opened.clear()


def test_it_leads_to_a_setting(choose: Callable[..., object]) -> None:
    form = choose()
    assert isinstance(form, FlowForm)
    assert form.show_place("environment_variables", 0)
    assert form.environment.hasFocus()
    assert not form.show_place("nodes", 0)
    Section.opened.clear()
