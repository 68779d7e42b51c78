"""What can be set for several cards at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from flowloom.flows.model.edits import AddNode
from flowloom.flows.model.flow import Constant
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.several_form import ColourButton, SeveralForm

Choose = Callable[..., object]
Write = Callable[[QWidget, str], None]


def two_models(document: FlowDocument, choose: Choose) -> SeveralForm:
    body = {"type": "llm", "source": {"type": "code", "path": "answer.jinja2"}, "api": "chat", "connection": "work"}
    document.apply(AddNode("second", {**body, "inputs": {"temperature": 0.2}}))
    form = choose("answer", "second")
    assert isinstance(form, SeveralForm)
    return form


def test_what_all_have_is_set_for_all_in_one_step(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = two_models(document, choose)
    field = form.fields[("inputs", "temperature")]
    assert field.main().text() == "0.2"  # type: ignore[attr-defined]
    write(field.main(), "0.9")
    assert [document.flow.nodes[name].inputs["temperature"] for name in ("answer", "second")] == [Constant(0.9)] * 2  # type: ignore[index]
    document.undo_stack.undo()
    assert [document.flow.nodes[name].inputs["temperature"] for name in ("answer", "second")] == [Constant(0.2)] * 2  # type: ignore[index]


def test_values_that_differ_are_said_to(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = two_models(document, choose)
    line = form.fields[("connection",)].findChild(QLineEdit)
    assert line is not None
    assert line.text() == ""
    write(line, "local")
    assert {node.connection for node in document.flow.nodes.values() if node.type == "llm"} == {"local"}


def test_steps_of_different_kinds_share_their_colour_only(document: FlowDocument, choose: Choose) -> None:
    form = choose("prepare", "answer")
    assert isinstance(form, SeveralForm)
    assert form.fields == {}
    button = next(button for button in form.findChildren(ColourButton) if button.accessibleName() == "Colour: blue")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    colors = {name: place.color for name, place in document.layout.places.items()}
    assert colors == {"@inputs": "", "prepare": "blue", "answer": "blue", "@outputs": ""}, "no card jumps: all have their place now"


def test_they_are_deleted_together(document: FlowDocument, choose: Choose, application: QApplication) -> None:
    form = choose("prepare", "answer")
    assert isinstance(form, SeveralForm)
    QTest.mouseClick(form.delete, Qt.MouseButton.LeftButton)
    assert document.flow.nodes == {}
    application.processEvents()
    document.undo_stack.undo()
    assert list(document.flow.nodes) == ["prepare", "answer"]
