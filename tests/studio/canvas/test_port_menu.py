"""What a card offers a wire."""

from __future__ import annotations

from flowloom.flows.model.edits import AddNode
from flowloom.studio.canvas.cards import ACTIVATE, PortRef, read_cards
from flowloom.studio.canvas.port_menu import branches, entries, offers
from flowloom.studio.document.flow_document import FlowDocument

QUESTION = PortRef("@inputs", "out", "question")


def switch(document: FlowDocument, cases: object) -> None:
    source = {"type": "package", "tool": "loom.logic.switch"}
    assert document.apply(AddNode("kind", {"type": "python", "source": source, "inputs": {"cases": cases, "default": "else"}}))


def test_ports_then_a_new_one_then_settings_then_what_does_not_fit(document: FlowDocument) -> None:
    found = offers(document, read_cards(document), QUESTION, "answer")
    labels = [offer.label for offer in found if not offer.refusal]
    assert labels[:2] == ["question", "New input 'question_2'"]
    assert "model" in labels, "a setting can be wired too"
    assert next(offer.label for offer in found if offer.refusal) == "temperature"
    assert [entry.enabled for entry in entries(found)] == [not offer.refusal for offer in found]


def test_the_flows_own_cards_offer_new_ports(document: FlowDocument) -> None:
    cards = read_cards(document)
    outputs = offers(document, cards, PortRef("prepare", "out", "output"), "@outputs")
    assert [offer.label for offer in outputs] == ["answer", "New output 'prepare'"]
    inputs = offers(document, cards, PortRef("prepare", "in", "upper"), "@inputs")
    assert [(offer.label, bool(offer.refusal)) for offer in inputs] == [("New input 'upper'", False), ("question", True)]


def test_a_switch_offers_its_branches_as_conditions(document: FlowDocument) -> None:
    switch(document, [{"name": "refund", "when": "value == 1"}, {"name": "other", "when": "value == 2"}])
    source = PortRef("kind", "out", "output")
    assert branches(document, source) == ["refund", "other", "else"]
    found = [offer for offer in offers(document, read_cards(document), source, "answer") if offer.port.port == ACTIVATE]
    assert [(offer.label, offer.value) for offer in found] == [
        ("Run only when it is refund", "refund"), ("Run only when it is other", "other"), ("Run only when it is else", "else"),
    ]  # fmt: skip


def test_branches_may_be_written_as_a_mapping(document: FlowDocument) -> None:
    switch(document, {"refund": "value == 1"})
    assert branches(document, PortRef("kind", "out", "output")) == ["refund", "else"]


def test_texts_are_no_conditions(document: FlowDocument) -> None:
    assert branches(document, QUESTION) == []
