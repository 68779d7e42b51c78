"""Steps of undo: merging, shortening, exactness."""

from __future__ import annotations

import random

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, DeleteNodes, SetInput, SetPlaces, SetText
from flowloom.studio.document.flow_document import FlowDocument


def test_steps_merge_by_key_and_only_in_a_row(document: FlowDocument) -> None:
    for number in range(3):
        document.apply(SetPlaces({"answer": Place(number, 0)}), merge="drag")
    document.apply(SetInput("answer", "temperature", 0.5), merge="value")
    document.apply(SetPlaces({"answer": Place(9, 0)}), merge="drag")
    assert document.undo_stack.count() == 3


def test_without_a_key_each_edit_is_a_step(document: FlowDocument) -> None:
    document.apply(SetPlaces({"answer": Place(1, 0)}))
    document.apply(SetPlaces({"answer": Place(2, 0)}))
    assert document.undo_stack.count() == 2


def test_nothing_merges_into_what_was_saved(document: FlowDocument) -> None:
    document.apply(SetText("answer.jinja2", "a"), merge="text")
    document.mark_saved()
    document.apply(SetText("answer.jinja2", "ab"), merge="text")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert not document.modified


def test_long_typing_is_kept_short_and_exact(document: FlowDocument) -> None:
    chance = random.Random(7)
    before = dict(document.files)
    text = document.files["answer.jinja2"]
    for _ in range(200):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(["x", "é", "\n", "{{y}}"]) + text[at + chance.randrange(3) :]
        assert document.apply(SetText("answer.jinja2", text), merge="text")
    assert document.undo_stack.count() == 1
    after = dict(document.files)
    for _ in range(3):
        document.undo_stack.undo()
        assert document.files == before
        document.undo_stack.redo()
        assert document.files == after


def test_merged_steps_that_make_and_unmake_files(document: FlowDocument) -> None:
    before = dict(document.files)
    body = {"type": "prompt", "source": {"type": "code", "path": "new.jinja2"}}
    for number in range(30):
        document.apply(AddNode("new", body, {"new.jinja2": "Hi"} if not number else {}), merge="drag")
        document.apply(SetText("new.jinja2", f"Hi {number}"), merge="drag")
        document.apply(DeleteNodes(("new",)), merge="drag")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.files == before
    assert document.trash == []
    document.undo_stack.redo()
    assert document.files["new.jinja2"] == "Hi 29"
    assert document.unused == {"new.jinja2"}


def test_titles_of_merged_steps_are_the_last_ones(document: FlowDocument) -> None:
    document.apply(SetPlaces({"answer": Place(1, 0)}, "Move"), merge="drag")
    document.apply(SetPlaces({"answer": Place(1, 0, title="Reply")}, "Rename the card"), merge="drag")
    assert document.undo_stack.undoText() == "Rename the card"
