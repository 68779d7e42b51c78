"""What the flow takes and gives, edited by keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import SetFlowKey
from flowloom.flows.model.flow import MISSING, Reference
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.interface_form import InterfaceForm

Choose = Callable[..., object]
Write = Callable[[QWidget, str], None]


def form_of(choose: Choose, id: str) -> InterfaceForm:
    form = choose(id)
    assert isinstance(form, InterfaceForm)
    return form


def test_an_input_is_added_and_named_at_once(document: FlowDocument, choose: Choose) -> None:
    form = form_of(choose, INPUTS_ID)
    QTest.mouseClick(form.add, Qt.MouseButton.LeftButton)
    card = form.cards["input"]
    assert card.name.hasFocus()
    QTest.keyClicks(card.name, "chat_history")
    QTest.keyClick(card.name, Qt.Key.Key_Return)
    assert list(document.flow.inputs) == ["question", "chat_history"]
    assert form.cards["chat_history"].name.hasFocus()


def test_renaming_an_input_follows_its_wires(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = form_of(choose, INPUTS_ID)
    write(form.cards["question"].name, "ask")
    QTest.keyClick(form.cards["question"].name, Qt.Key.Key_Return)
    assert document.flow.nodes["prepare"].inputs["text"] == Reference("input", "ask")  # type: ignore[index]
    card = form.cards["ask"]
    write(card.name, "not/fit")
    QTest.keyClick(card.name, Qt.Key.Key_Return)
    assert card.name.text() == "ask", "a name that cannot be is taken back"


def test_default_type_description_and_role(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = form_of(choose, INPUTS_ID)
    card = form.cards["question"]
    write(card.description, "What you want to know")
    card.type.setFocus()
    QTest.keyClick(card.type, Qt.Key.Key_Home)
    card = form.cards["question"]
    assert document.flow.inputs["question"].type == "int"
    write(card.default.main(), "7")
    assert document.flow.inputs["question"].default == 7
    QTest.keyClick(card.default.main(), Qt.Key.Key_Backspace)
    assert document.flow.inputs["question"].default is MISSING
    assert card.role_field.isHidden(), "roles mean something in a chat only"
    document.apply(SetFlowKey(("type",), "chat"))
    assert not card.role_field.isHidden()
    QTest.keyClick(card.role, Qt.Key.Key_Down)
    spec = document.flow.inputs["question"]
    assert spec.is_chat_input
    assert spec.description == "What you want to know"


def test_only_one_input_is_the_message(document: FlowDocument, choose: Choose) -> None:
    from flowloom.flows.model.edits import AddFlowInput

    document.apply(AddFlowInput("other", more={"is_chat_input": True}))
    form = form_of(choose, INPUTS_ID)
    QTest.keyClick(form.cards["question"].role, Qt.Key.Key_Down)
    assert [name for name, spec in document.flow.inputs.items() if spec.is_chat_input] == ["question"]
    document.undo_stack.undo()
    assert [name for name, spec in document.flow.inputs.items() if spec.is_chat_input] == ["other"], "one step"


def test_an_input_is_deleted_with_its_wires(document: FlowDocument, choose: Choose, application: QApplication) -> None:
    form = form_of(choose, INPUTS_ID)
    QTest.keyClick(form.cards["question"].delete, Qt.Key.Key_Return)
    application.processEvents()
    assert document.flow.inputs == {}
    assert document.flow.nodes["prepare"].inputs == {}  # type: ignore[index]
    assert not form.none.isHidden()


def test_an_output_takes_another_value_by_keys(document: FlowDocument, choose: Choose) -> None:
    form = form_of(choose, OUTPUTS_ID)
    card = form.cards["answer"]
    QTest.keyClick(card.wire.chip, Qt.Key.Key_Space)
    picker = card.picker  # type: ignore[attr-defined]
    QTest.keyClicks(picker.search, "prepare")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert document.flow.outputs["answer"].binding == Reference("node", "prepare")
    QTest.keyClick(form.cards["answer"].role, Qt.Key.Key_Down)
    assert document.flow.outputs["answer"].is_chat_output


def test_an_output_is_added_with_the_last_node_s_value_and_deleted(document: FlowDocument, choose: Choose) -> None:
    form = form_of(choose, OUTPUTS_ID)
    QTest.mouseClick(form.add, Qt.MouseButton.LeftButton)
    assert document.flow.outputs["output"].binding == Reference("node", "answer")
    QTest.mouseClick(form.cards["output"].delete, Qt.MouseButton.LeftButton)
    assert list(document.flow.outputs) == ["answer"]


def test_it_leads_to_an_input(choose: Choose) -> None:
    form = form_of(choose, INPUTS_ID)
    assert form.show_place("question", 0)
    assert form.cards["question"].name.hasFocus()
    assert not form.show_place("none", 0)
