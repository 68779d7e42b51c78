"""What can be wired to an input, and what it was in the last run."""

from __future__ import annotations

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import SetPlaces
from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.sources import last_value, offers, reference_title, short, type_title, waiting_for
from flowloom.studio.run.run_view import RunView


def a_run() -> RunView:
    view = RunView("run", inputs={"question": "Why is the sky blue?"})
    node = view.node("prepare")
    node.status, node.output = "completed", {"text": "clean", "score": 3}
    return view


def test_values_upstream_are_offered_with_type_and_last_value(document: FlowDocument) -> None:
    found = offers(document, PortRef("answer", "in", "question"), a_run())
    assert [(offer.title, offer.type, offer.value) for offer in found if not offer.refusal] == [
        ("Inputs › question", "string", "Why is the sky blue?"),
        ("prepare", "string", '{"text": "clean", "score": 3}'),
        ("prepare › text", "string", "clean"),
        ("prepare › score", "int", "3"),
    ]
    assert found[2].reference == Reference("node", "prepare", ("text",))


def test_what_would_go_in_a_circle_is_offered_last_with_the_reason(document: FlowDocument) -> None:
    found = offers(document, PortRef("prepare", "in", "text"))
    assert [offer.title for offer in found] == ["Inputs › question", "answer"]
    assert "circle" in found[1].refusal


def test_chips_name_cards_by_their_title(document: FlowDocument) -> None:
    document.apply(SetPlaces({"prepare": Place(title="Clean the text")}))
    assert reference_title(document, Reference("node", "prepare")) == "Clean the text"
    assert reference_title(document, Reference("node", "prepare", ("rows", 0))) == "Clean the text › rows[0]"
    assert reference_title(document, Reference("input", "question")) == "Inputs › question"


def test_the_last_value_follows_the_path(document: FlowDocument) -> None:
    assert last_value(document, a_run(), Reference("node", "prepare", ("score",))) == 3
    assert last_value(document, a_run(), Reference("node", "prepare", ("none", 3))) is None
    assert last_value(document, a_run(), Reference("node", "answer")) is None
    assert last_value(document, None, Reference("node", "prepare")) is None
    assert last_value(document, None, Reference("input", "question")) == "Why?", "the default, where nothing ran"


def test_values_are_short_and_of_one_line() -> None:
    assert short("a\n  b") == "a b"
    assert len(short("x" * 5000)) <= 80
    assert short(None) == ""


def test_types_are_words_without_articles() -> None:
    assert [type_title(name) for name in ("string", "int", "image", "object", "any")] == ["text", "whole number", "image", "object", ""]


def test_nodes_that_wait_are_found_through_others(document: FlowDocument) -> None:
    assert waiting_for(document, "prepare") == {"answer"}
    assert waiting_for(document, "answer") == set()
