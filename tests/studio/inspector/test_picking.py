"""The value upstream that bears an input's name."""

from __future__ import annotations

from flowloom.flows.model.flow import Reference
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.picking import namesake, variant_of


def test_it_is_found_among_inputs_and_nodes_and_never_in_a_circle(document: FlowDocument) -> None:
    found = namesake(document, "answer", "question")
    assert found is not None
    assert found.reference == Reference("input", "question")
    found = namesake(document, "answer", "prepare")
    assert found is not None
    assert found.reference == Reference("node", "prepare")
    assert namesake(document, "prepare", "answer") is None
    assert namesake(document, "answer", "nobody") is None


def test_edits_act_on_the_variant_that_is_looked_at(document: FlowDocument) -> None:
    from flowloom.flows.model.edits import AddVariant

    assert variant_of(document.flow.nodes["answer"]) is None  # type: ignore[index]
    document.apply(AddVariant("answer", "b"))
    document.choose_variant("answer", "b")
    assert variant_of(document.flow.nodes["answer"]) == "b"  # type: ignore[index]
