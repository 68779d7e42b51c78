"""The open flow: edits, undo, what saving would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.layout import LAYOUT_FILE, Place
from flowloom.flows.document.pins import PINS_FILE
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.model.edits import (
    AddNode,
    AddVariant,
    DeleteNodes,
    RenameNode,
    SetFlowText,
    SetInput,
    SetPlaces,
    SetText,
)
from flowloom.flows.model.flow import Constant
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.delta import Delta
from flowloom.studio.document.flow_document import FlowDocument


def test_opening_creates_and_changes_nothing(flow_folder: Path, registry: Registry) -> None:
    before = {path: path.read_bytes() for path in flow_folder.rglob("*")}
    document = FlowDocument(flow_folder, registry)
    document.checker.settle()
    assert {path: path.read_bytes() for path in flow_folder.rglob("*")} == before
    assert not document.modified
    assert not document.unsaved


def test_an_edit_changes_only_its_line(document: FlowDocument) -> None:
    before = document.files["flow.dag.yaml"]
    assert document.apply(SetInput("answer", "temperature", 0.7))
    assert document.files["flow.dag.yaml"] == before.replace("temperature: 0.2", "temperature: 0.7")
    node = document.node("answer")
    assert node is not None
    assert node.inputs["temperature"] == Constant(0.7)
    assert document.modified


def test_undo_and_redo_lead_back_byte_for_byte(document: FlowDocument) -> None:
    states = [dict(document.files)]
    edits = [
        RenameNode("prepare", "clean"),
        SetText("answer.jinja2", "user:\nOther {{question}}\n"),
        SetPlaces({"clean": Place(10, 20)}),
        AddNode("more", {"type": "prompt", "source": {"type": "code", "path": "more.jinja2"}}, {"more.jinja2": "Hi"}),
        DeleteNodes(("clean",)),
    ]
    for edit in edits:
        assert document.apply(edit)
        states.append(dict(document.files))
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert document.files == state
    for state in states[1:]:
        document.undo_stack.redo()
        assert document.files == state


def test_an_edit_that_does_not_fit_is_refused_with_words(document: FlowDocument) -> None:
    heard: list[FlowloomError] = []
    document.refused.connect(heard.append)
    before = dict(document.files)
    assert not document.apply(RenameNode("answer", "prepare"))
    assert "already" in str(heard[0])
    assert document.files == before
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize("text", ["nodes: [", "- a list", "a: 1\na: 2\n"])
def test_a_text_that_is_no_flow_is_refused_and_nothing_changes(document: FlowDocument, text: str) -> None:
    heard: list[FlowloomError] = []
    document.refused.connect(heard.append)
    before = dict(document.files)
    assert not document.apply(SetFlowText(text))
    assert heard
    assert document.files == before
    assert document.undo_stack.count() == 0


def test_steps_bear_names_and_typing_is_one_of_them(document: FlowDocument) -> None:
    text = document.files["answer.jinja2"]
    for letter in "Hello":
        text += letter
        assert document.apply(SetText("answer.jinja2", text), merge="text:answer.jinja2")
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Edit answer.jinja2"
    document.undo_stack.undo()
    assert document.files["answer.jinja2"].endswith("{{question}}\n")


def test_an_edit_without_effect_is_no_step(document: FlowDocument) -> None:
    assert document.apply(SetText("answer.jinja2", document.files["answer.jinja2"]))
    assert document.undo_stack.count() == 0
    assert not document.modified


def test_listeners_hear_what_changed(document: FlowDocument) -> None:
    deltas: list[Delta] = []
    document.changed.connect(deltas.append)
    document.apply(SetText("prepare.py", document.files["prepare.py"].replace("text: str", "words: str")))
    assert deltas[-1].files == {"prepare.py"}
    assert "prepare" in deltas[-1].changed
    ports = document.ports("prepare")
    assert ports is not None
    assert set(ports.inputs) == {"words", "upper"}


def test_a_deleted_nodes_file_waits_for_saving(document: FlowDocument) -> None:
    document.apply(DeleteNodes(("prepare",)))
    assert document.unsaved["prepare.py"] is None
    document.undo_stack.undo()
    assert "prepare.py" not in document.unsaved
    assert not document.modified


def test_a_file_that_is_used_again_is_not_unused(document: FlowDocument) -> None:
    text = document.files["prepare.py"]
    document.apply(DeleteNodes(("prepare",)))
    document.apply(AddNode("other", {"type": "python", "source": {"type": "code", "path": "prepare.py"}}, {"prepare.py": text}))
    assert document.unused == frozenset()


def test_undo_after_saving_a_deletion_brings_the_file_back(document: FlowDocument) -> None:
    document.apply(DeleteNodes(("prepare",)))
    document.mark_saved()
    assert not document.unsaved
    assert not document.modified
    document.undo_stack.undo()
    assert document.modified
    assert document.unsaved["prepare.py"] == document.files["prepare.py"]
    document.undo_stack.redo()
    assert not document.unsaved


def test_an_unreadable_layout_costs_the_places_alone(flow_folder: Path, registry: Registry, wait) -> None:
    (flow_folder / LAYOUT_FILE).write_text("<<<<<<< ours\n{}\n")
    (flow_folder / PINS_FILE).write_text("[]")
    document = FlowDocument(flow_folder, registry)
    heard: list[FlowloomError] = []
    document.refused.connect(heard.append)
    assert set(document.flow.nodes) == {"prepare", "answer"}
    assert document.layout.places == {}
    wait(lambda: document.checker.settled)
    assert {problem.file for problem in document.problems if problem.code == "file.unreadable"} == {LAYOUT_FILE, PINS_FILE}
    assert not document.apply(SetPlaces({"answer": Place(1, 1)})), "what a person may still mend is not overwritten"
    assert heard
    assert document.files[LAYOUT_FILE] == "<<<<<<< ours\n{}\n"


def test_a_folder_without_a_flow_does_not_open(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(UsageError, match="holds no flow"):
        FlowDocument(tmp_path, registry)


def test_reload_forgets_what_was_not_saved(document: FlowDocument, flow_folder: Path) -> None:
    document.apply(RenameNode("prepare", "clean"))
    (flow_folder / "answer.jinja2").write_text("user:\nnew\n")
    document.reload()
    assert "prepare" in document.flow.nodes
    assert document.files["answer.jinja2"] == "user:\nnew\n"
    assert document.undo_stack.count() == 0


def test_files_of_others_are_taken_over_quietly(document: FlowDocument) -> None:
    document.absorb({"helper.py": "x = 1\n"})
    assert document.files["helper.py"] == "x = 1\n"
    assert not document.modified
    assert not document.unsaved
    document.absorb({"helper.py": None})
    assert "helper.py" not in document.files


def test_a_variant_can_be_looked_at_and_edits_act_on_it(document: FlowDocument) -> None:
    document.apply(AddVariant("answer", "b"))
    before = dict(document.files)
    deltas: list[Delta] = []
    document.changed.connect(deltas.append)
    document.choose_variant("answer", "b")
    assert (document.node("answer").variant, document.chosen) == ("b", {"answer": "b"})  # type: ignore[union-attr]
    assert deltas[-1].changed == {"answer"}
    assert document.files == before, "looking changes nothing"
    document.apply(SetInput("answer", "temperature", 0.9))
    variants = document.flow.variants["answer"].choices  # type: ignore[index]
    assert [variant.node.inputs["temperature"].value for variant in variants.values()] == [0.2, 0.9]  # type: ignore[union-attr]
    document.choose_variant("answer", "variant_0")
    assert document.chosen == {}, "the default needs no choice"
    document.choose_variant("answer", "b")
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.chosen == {}, "a variant that is gone is looked at no more"
