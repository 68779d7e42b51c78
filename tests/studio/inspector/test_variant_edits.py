"""A new variant is a copy with a file of its own."""

from __future__ import annotations

from flowloom.flows.model.edits import SetText
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.variant_edits import body_of, new_variant


def test_the_first_further_variant_copies_the_prompt(document: FlowDocument) -> None:
    before = dict(document.files)
    id, edit = new_variant(document, "answer")
    assert document.apply(edit)
    variants = document.flow.variants["answer"]  # type: ignore[index]
    assert (id, list(variants.choices), variants.default) == ("variant_1", ["variant_0", "variant_1"], "variant_0")
    assert variants.choices["variant_1"].node.source.path == "answer__variant_1.jinja2"  # type: ignore[index]
    assert document.text("answer__variant_1.jinja2") == document.text("answer.jinja2")
    document.undo_stack.undo()
    assert document.files == before, "one step back undoes all of it"


def test_a_further_one_is_like_the_one_that_is_looked_at(document: FlowDocument) -> None:
    for _ in range(2):
        id, edit = new_variant(document, "answer")
        document.apply(edit)
        document.choose_variant("answer", id)
        path = document.flow.nodes["answer"].source.path  # type: ignore[index]
        document.apply(SetText(path or "", "user:\nOther words\n"))
    assert document.text("answer__variant_2.jinja2") == "user:\nOther words\n"
    assert document.text("answer.jinja2") != "user:\nOther words\n"
    assert body_of(document, "answer")["source"]["path"] == "answer__variant_2.jinja2"


def test_a_file_that_is_there_already_is_left_alone(document: FlowDocument) -> None:
    document.apply(SetText("answer__variant_1.jinja2", "mine"))
    document.apply(new_variant(document, "answer")[1])
    assert document.text("answer__variant_1.jinja2") == "mine"
    assert document.text("answer__variant_1_2.jinja2") == document.text("answer.jinja2")
