"""Name, note and file of a node; its last run; its help; its text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import Reference
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.inspector.node_details import Help, LastRun, node_text
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.run.run_view import Fault, NodeView

Choose = Callable[..., object]
Write = Callable[[QWidget, str], None]


def test_renaming_follows_all_references(
    document: FlowDocument, choose: Choose, write: Write, inspector: Inspector, application: QApplication
) -> None:
    form = choose("prepare")
    assert isinstance(form, NodeForm)
    form.details_section.set_open(True)
    write(form.details.name, "clean")
    QTest.keyClick(form.details.name, Qt.Key.Key_Return)
    assert list(document.flow.nodes) == ["clean", "answer"]
    assert document.flow.nodes["answer"].inputs["question"] == Reference("node", "clean")  # type: ignore[index]
    application.processEvents()
    assert isinstance(inspector.form, NodeForm)
    assert inspector.form.name == "clean", "the step stays chosen under its new name"
    document.undo_stack.undo()
    assert list(document.flow.nodes) == ["prepare", "answer"]


def test_a_name_that_is_taken_is_taken_back(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = choose("prepare")
    assert isinstance(form, NodeForm)
    form.details_section.set_open(True)
    write(form.details.name, "answer")
    QTest.keyClick(form.details.name, Qt.Key.Key_Return)
    assert list(document.flow.nodes) == ["prepare", "answer"]
    assert form.details.name.text() == "prepare"


def test_a_note_is_kept_with_the_node(document: FlowDocument, choose: Choose, write: Write) -> None:
    form = choose("prepare")
    assert isinstance(form, NodeForm)
    form.details_section.set_open(True)
    write(form.details.note, "why")
    assert document.flow.nodes["prepare"].comment == "why"  # type: ignore[index]
    form.details.note.selectAll()
    QTest.keyClick(form.details.note, Qt.Key.Key_Delete)
    assert "comment:" not in document.files[document.name]


def test_a_model_is_asked_as_a_chat_or_to_complete(document: FlowDocument, choose: Choose) -> None:
    form = choose("answer")
    assert isinstance(form, NodeForm)
    QTest.keyClick(form.details.api, Qt.Key.Key_Down)
    assert document.flow.nodes["answer"].api == "completion"  # type: ignore[index]


def test_the_last_run_is_told_in_words() -> None:
    shown = LastRun()
    view = NodeView("answer", "completed", seconds=0.84, usage=Usage(400, 12, 412, 1), output="Because of <b>air</b>.")
    assert shown.show_node(view) == ("412 tokens", "ok")
    assert shown.words.text() == "done · 0.8 s · 412 tokens"
    assert shown.output.toPlainText() == "Because of <b>air</b>."
    failed = NodeView("answer", "failed", error=Fault("tool", "It broke.", "Mend it."))
    assert shown.show_node(failed) == ("failed", "bad")
    assert shown.fault.text() == "It broke. Mend it."
    assert shown.show_node(NodeView("answer", "completed", cached=True, output={"a": 1}))[0] == "from cache"


def test_help_tells_what_a_step_takes_and_gives(registry: Registry) -> None:
    help_ = Help()
    spec = registry.specs()["loom.text.split"]
    help_.show_spec(spec, None)
    words = "\n".join(found.text() for found in help_.findChildren(QLabel))
    assert spec.help.split()[0] in words
    assert "separator" in words
    help_.show_spec(None, None)


def test_the_text_of_a_node_is_its_lines(document: FlowDocument) -> None:
    assert node_text(document, "prepare").startswith("- name: prepare\n  type: python\n")
    assert "answer" not in node_text(document, "prepare")
    assert node_text(document, "nobody") == ""
