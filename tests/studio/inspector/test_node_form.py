"""The form of a node: what a person types and picks is what the flow says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from flowloom.flows.model.edits import SetInput, SetText
from flowloom.flows.model.flow import Binding, Constant, Reference
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.controls import Section
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.inspector.number_field import NumberField

Choose = Callable[..., object]
Write = Callable[[QWidget, str], None]


def form_of(choose: Choose, name: str) -> NodeForm:
    form = choose(name)
    assert isinstance(form, NodeForm)
    return form


def bound(document: FlowDocument, node: str, name: str) -> Binding | None:
    return document.flow.nodes[node].inputs.get(name)  # type: ignore[index, call-overload]


def test_typing_in_a_field_writes_the_flow_in_one_step(document: FlowDocument, choose: Choose, write: Write) -> None:
    before = document.files[document.name]
    form = form_of(choose, "answer")
    form.more.set_open(True)
    write(form.rows[("inputs", "temperature")].main(), "1.25")
    assert bound(document, "answer", "temperature") == Constant(1.25)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.files[document.name] == before
    field = form.rows[("inputs", "temperature")].field
    assert isinstance(field, NumberField)
    assert field.line.text() == "0.2", "what is undone is shown as it was"


def test_the_connection_is_written_beside_the_inputs(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = form_of(choose, "answer")
    field = form.rows[("connection",)].main()
    line = field.findChild(QLineEdit)
    assert line is not None
    write(line, "work")
    assert document.flow.nodes["answer"].connection == "work"  # type: ignore[index]


def test_a_wire_is_replaced_by_a_value_and_a_value_by_a_wire(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = form_of(choose, "prepare")
    path = ("inputs", "text")
    wire = form.rows[path].wire
    assert wire is not None
    assert wire.chip.text() == "Inputs › question"
    QTest.keyClick(wire.chip, Qt.Key.Key_Space)
    assert form.picker is not None
    QTest.keyClicks(form.picker.search, "write a value")
    QTest.keyClick(form.picker.search, Qt.Key.Key_Return)
    assert bound(document, "prepare", "text") == Constant("Why?"), "it begins with what the wire would bring"
    write(form.rows[path].main(), "fixed")
    assert bound(document, "prepare", "text") == Constant("fixed")
    QTest.keyClick(form.rows[path].link, Qt.Key.Key_Return)
    assert form.picker is not None
    QTest.keyClicks(form.picker.search, "question")
    QTest.keyClick(form.picker.search, Qt.Key.Key_Return)
    assert bound(document, "prepare", "text") == Reference("input", "question")


def test_a_text_in_the_form_of_a_reference_stays_a_text(document: FlowDocument, choose: Choose, write: Write) -> None:
    document.apply(SetInput("prepare", "text", ""))
    form = form_of(choose, "prepare")
    write(form.rows[("inputs", "text")].main(), "${inputs.question}")
    assert isinstance(bound(document, "prepare", "text"), Constant)


def test_taking_a_wire_away_leaves_the_input_empty_and_offers_it_again(document: FlowDocument, choose: Choose) -> None:
    form = form_of(choose, "answer")
    document.apply(SetText("answer.jinja2", "user:\n{{prepare}}\n"))
    row = form.rows[("inputs", "prepare")]
    assert row.quick.text() == "Take it from prepare"
    QTest.mouseClick(row.quick, Qt.MouseButton.LeftButton)
    assert bound(document, "answer", "prepare") == Reference("node", "prepare")
    wire = form.rows[("inputs", "prepare")].wire
    assert wire is not None
    QTest.keyClick(wire.cut, Qt.Key.Key_Return)
    assert bound(document, "answer", "prepare") is None


def test_an_unknown_input_is_kept_until_it_is_removed(document: FlowDocument, choose: Choose, application: QApplication) -> None:
    document.apply(SetInput("prepare", "volume", 11))
    form = form_of(choose, "prepare")
    row = form.rows[("inputs", "volume")]
    assert not row.note.isHidden()
    row.removed.emit(row.row)
    application.processEvents()
    assert bound(document, "prepare", "volume") is None
    assert ("inputs", "volume") not in form.rows


def test_an_input_added_by_name_enters_the_prompt(document: FlowDocument, choose: Choose) -> None:
    form = form_of(choose, "answer")
    QTest.mouseClick(form.add, Qt.MouseButton.LeftButton)
    QTest.keyClicks(form.new_name, "tone")
    QTest.keyClick(form.new_name, Qt.Key.Key_Return)
    assert document.text("answer.jinja2").endswith("{{question}}\n{{tone}}\n")
    row = form.rows[("inputs", "tone")]
    assert row.main().hasFocus()
    QTest.keyClicks(row.main(), "kind")
    assert bound(document, "answer", "tone") == Constant("kind")


def test_a_python_step_takes_no_further_inputs(choose: Choose) -> None:
    form = form_of(choose, "prepare")
    assert form.add.isHidden()


def test_what_is_typed_goes_to_the_variant_that_is_looked_at(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = form_of(choose, "answer")
    assert form.source.view is not None
    QTest.mouseClick(form.source.view.variants.add, Qt.MouseButton.LeftButton)
    form.more.set_open(True)
    write(form.rows[("inputs", "temperature")].main(), "1")
    variants = document.flow.variants["answer"].choices  # type: ignore[index]
    values = [variant.node.inputs["temperature"] for variant in variants.values()]
    assert values == [Constant(0.2), Constant(1)]
    QTest.mouseClick(form.source.view.variants.tabs()[0], Qt.MouseButton.LeftButton)
    assert bound(document, "answer", "temperature") == Constant(0.2)


def test_problems_stand_beside_their_field(document: FlowDocument, choose: Choose, wait: Callable[..., None]) -> None:
    form = form_of(choose, "prepare")
    document.apply(SetInput("prepare", "text", Reference("node", "nobody")))
    wait(lambda: document.checker.settled)
    assert "nobody" in form.rows[("inputs", "text")].note.text()
    document.undo_stack.undo()
    wait(lambda: document.checker.settled)
    assert form.rows[("inputs", "text")].note.isHidden()


def test_it_leads_to_a_field_and_opens_what_hides_it(choose: Choose) -> None:
    Section.opened.clear()
    form = form_of(choose, "answer")
    assert not form.more.is_open()
    assert form.show_place("seed", 0)
    assert form.more.is_open()
    assert form.rows[("inputs", "seed")].main().hasFocus()
    assert form.show_place("answer.jinja2", 5)
    assert form.source.view is not None
    assert form.source.view.editor.textCursor().blockNumber() == 4
    assert not form.show_place("nothing of the kind", 0)
    Section.opened.clear()


def test_a_node_type_that_is_missing_keeps_all_it_says(document: FlowDocument, choose: Choose) -> None:
    from flowloom.flows.model.edits import AddNode

    source = {"type": "package", "tool": "acme.search"}
    document.apply(AddNode("find", {"type": "python", "source": source, "inputs": {"query": "x", "top": 3}}))
    form = form_of(choose, "find")
    assert [row.row.name for row in form.rows.values()] == ["query", "top"]
    assert "acme.search" in form.fault.text()
    assert "acme.search" in form.details.kind.text()


def test_every_control_has_a_name_and_can_be_reached(choose: Choose) -> None:
    for name in ("prepare", "answer"):
        form = form_of(choose, name)
        for section in (form.more, form.when, form.details_section, form.help_section, form.yaml_section):
            section.set_open(True)
        for widget in form.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not isinstance(widget.parent(), QLineEdit):
                assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), (name, widget)
    Section.opened.clear()
