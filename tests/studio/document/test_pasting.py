"""Pasting nodes: names and files made free, wires kept where they can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.create import create
from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import AddFlowInput, AddVariant, SetFrame, SetNodeKey, SetNote
from flowloom.flows.model.flow import Reference
from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.cards import PortRef, read_cards
from flowloom.studio.document.clipboard import copied
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.pasting import duplicate, paste

PLACES = {"@inputs": Place(0, 0), "prepare": Place(240, 0), "answer": Place(480, 8, title="Answer"), "@outputs": Place(720, 0)}


def test_a_duplicate_has_its_own_name_title_files_and_place(document: FlowDocument) -> None:
    found = duplicate(document, PLACES, ("prepare", "answer"))
    assert found is not None
    assert found.ids == ("prepare_2", "answer_2")
    assert document.apply(found.edit)
    assert document.undo_stack.undoText() == "Duplicate"
    wires = {key: wire.source for key, wire in read_cards(document).wires.items()}
    assert wires[PortRef("answer_2", "in", "question")] == PortRef("prepare_2", "out", "output"), "wires among them go along"
    assert wires[PortRef("prepare_2", "in", "text")] == PortRef("@inputs", "out", "question"), "others stay"
    assert document.text("answer_2.jinja2") == document.text("answer.jinja2")
    assert document.layout.places["answer_2"] == Place(512, 40, title="Answer 2")
    again = duplicate(document, document.layout.places, ("answer",))
    assert again is not None
    document.apply(again.edit)
    assert "answer_3" in document.flow.nodes
    assert document.layout.places["answer_3"] != document.layout.places["answer_2"]


def test_duplicating_is_undone_byte_for_byte(document: FlowDocument) -> None:
    before = dict(document.files)
    found = duplicate(document, PLACES, ("answer",))
    assert found is not None
    document.apply(found.edit)
    document.undo_stack.undo()
    assert document.files == before


def test_into_another_flow(document: FlowDocument, registry: Registry, tmp_path: Path) -> None:
    text = copied(document, ["prepare", "answer"], PLACES)
    other = FlowDocument(create(tmp_path / "other", shape="empty"), registry)
    found = paste(other, {}, text, (100, 200))
    assert other.apply(found.edit)
    assert other.text("prepare.py") == document.text("prepare.py"), "the file keeps its name where it is free"
    wires = read_cards(other).wires
    assert PortRef("answer", "in", "question") in wires
    assert PortRef("prepare", "in", "text") not in wires, "this flow has no such input"
    assert (other.layout.places["prepare"].x, other.layout.places["prepare"].y) == (100, 200)
    assert (other.layout.places["answer"].x, other.layout.places["answer"].y) == (340, 208)
    other.checker.settle()
    other.deleteLater()


def test_conditions_and_tools_follow_the_new_names(document: FlowDocument) -> None:
    document.apply(SetNodeKey("answer", ("activate",), {"when": Reference("node", "prepare"), "is": "yes"}))
    document.apply(SetNodeKey("answer", ("inputs", "tools"), ["node:prepare", "node:other"]))
    found = duplicate(document, PLACES, ("prepare", "answer"))
    assert found is not None
    document.apply(found.edit)
    entry = document.file.data["nodes"][-1]
    assert entry["activate"] == {"when": "${prepare_2.output}", "is": "yes"}
    assert entry["inputs"]["tools"] == ["node:prepare_2", "node:other"]


def test_a_condition_without_its_source_goes(document: FlowDocument) -> None:
    text = "- name: late\n  type: python\n  source: {type: package, tool: loom.text.join}\n  inputs: {a: '${gone.output}', b: 2}\n  activate: {when: '${gone.output}', is: 1}\n"
    document.apply(paste(document, PLACES, text).edit)
    entry = document.file.data["nodes"][-1]
    assert "activate" not in entry
    assert entry["inputs"] == {"b": 2}


def test_variants_come_along(document: FlowDocument) -> None:
    document.apply(AddVariant("answer", "b", description="shorter"))
    found = duplicate(document, PLACES, ("answer",))
    assert found is not None
    assert document.apply(found.edit)
    variants = document.flow.variants["answer_2"]  # pyright: ignore[reportArgumentType]
    assert (str(variants.default), [str(id) for id in variants.choices]) == ("variant_0", ["variant_0", "b"])
    assert variants.choices["b"].description == "shorter"  # pyright: ignore[reportArgumentType]
    assert {choice.node.source.path for choice in variants.choices.values()} == {"answer_2.jinja2"}


def test_frames_and_notes_get_ids_of_their_own(document: FlowDocument) -> None:
    document.apply(SetFrame(Frame("frame_1", "Search", 0, 0)))
    document.apply(SetNote(Note("note_1", "why", 16, 16)))
    found = duplicate(document, PLACES, ("frame_1", "note_1"))
    assert found is not None
    assert found.ids == ("frame_2", "note_2")
    document.apply(found.edit)
    assert [(frame.id, frame.x) for frame in document.layout.frames] == [("frame_1", 0), ("frame_2", 32)]


def test_a_message_cannot_write_where_it_likes(document: FlowDocument) -> None:
    text = "nodes:\n- name: evil\n  type: python\n  source: {type: code, path: .git/hooks/pre-commit.py}\nfiles:\n  .git/hooks/pre-commit.py: |\n    boom\n  flow.dag.yaml: x\n"
    document.apply(paste(document, PLACES, text).edit)
    assert not any(path.startswith(".git") for path in document.files)
    assert "evil" in document.flow.nodes
    assert document.fault("evil") is not None


def test_text_without_nodes_changes_nothing(document: FlowDocument) -> None:
    with pytest.raises(UsageError):
        paste(document, PLACES, "hello")
    document.apply(AddFlowInput("x"))
    assert document.undo_stack.count() == 1
