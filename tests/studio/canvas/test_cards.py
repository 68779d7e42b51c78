"""The cards and wires that a flow is shown as."""

from __future__ import annotations

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import SetInput, SetNodeKey, SetPlaces
from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import ACTIVATE, PortRef, first_words, read_cards
from flowloom.studio.document.flow_document import FlowDocument


def test_cards_show_ports_and_what_matters(document: FlowDocument) -> None:
    cards = read_cards(document).cards
    assert list(cards) == ["@inputs", "prepare", "answer", "@outputs"]
    assert [(row.name, row.side, row.type) for row in cards["prepare"].ports] == [
        ("text", "in", "string"),
        ("upper", "in", "bool"),
        ("output", "out", "string"),
    ]
    assert cards["answer"].lines == ("the model on this computer", "You are kind.")
    assert [row.name for row in cards["answer"].inputs] == ["question"], "settings stay in the form"


def test_wires_go_from_what_gives_to_what_takes(document: FlowDocument) -> None:
    wires = read_cards(document).wires
    assert {wire.target: wire.source for wire in wires.values()} == {
        PortRef("prepare", "in", "text"): PortRef("@inputs", "out", "question"),
        PortRef("answer", "in", "question"): PortRef("prepare", "out", "output"),
        PortRef("@outputs", "in", "answer"): PortRef("answer", "out", "output"),
    }


def test_a_wired_setting_becomes_a_port_and_a_condition_a_wire_with_words(document: FlowDocument) -> None:
    document.apply(SetInput("answer", "temperature", Reference("node", "prepare")))
    document.apply(SetNodeKey("answer", ("activate",), {"when": Reference("input", "question"), "is": "Why?"}))
    cards = read_cards(document)
    assert "temperature" in [row.name for row in cards.cards["answer"].inputs]
    assert cards.wires[PortRef("answer", "in", ACTIVATE)].words == "only when question is Why?"


def test_the_words_of_a_condition_follow_a_new_title(document: FlowDocument) -> None:
    document.apply(SetNodeKey("answer", ("activate",), {"when": "${prepare.output}", "is": "yes"}))
    before = read_cards(document)
    document.apply(SetPlaces({"prepare": Place(x=8, title="Tidy up")}))
    after = read_cards(document, before, {"prepare"}, same_flow=True)
    assert after.wires[PortRef("answer", "in", ACTIVATE)].words == "only when Tidy up is yes"
    document.apply(SetPlaces({"prepare": Place(x=80, title="Tidy up")}))
    assert read_cards(document, after, {"prepare"}, same_flow=True).wires is after.wires, "nothing is read again for a move"


def test_the_first_words_of_a_prompt_are_no_role() -> None:
    assert first_words("# system:\n\n{# a note #}\nYou answer.\n") == "You answer."
