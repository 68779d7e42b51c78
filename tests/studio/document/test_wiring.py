"""What wires mean in the texts of a flow."""

from __future__ import annotations

from flowloom.flows.model.edits import AddNode, SetNodeKey
from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import ACTIVATE, PortRef, read_cards
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.wiring import (
    connect,
    delete_and_heal,
    disconnect,
    insert,
    insertion,
    lit,
    name_for,
    reference,
    refusal,
    rewire,
)

QUESTION = PortRef("@inputs", "out", "question")
PREPARED = PortRef("prepare", "out", "output")
ANSWER = PortRef("answer", "in", "question")
PROMISED = PortRef("@outputs", "in", "answer")


def yaml(document: FlowDocument) -> str:
    return document.files["flow.dag.yaml"]


def add(document: FlowDocument, name: str, tool: str, **inputs: object) -> None:
    source = {"type": "package", "tool": tool}
    assert document.apply(AddNode(name, {"type": "python", "source": source, "inputs": inputs}))


def test_references_name_the_output_only_where_there_are_several(document: FlowDocument) -> None:
    add(document, "page", "loom.data.http_request", url="x")
    assert str(reference(document, PREPARED)) == "${prepare.output}"
    assert str(reference(document, PortRef("page", "out", "status"))) == "${page.output.status}"
    assert str(reference(document, QUESTION)) == "${inputs.question}"


def test_a_wire_to_an_output_and_a_new_one(document: FlowDocument) -> None:
    document.apply(connect(document, PREPARED, PROMISED))
    assert "    reference: ${prepare.output}\n" in yaml(document)
    document.apply(connect(document, QUESTION, PortRef("@outputs", "in", "asked")))
    assert "  asked:\n    type: string\n    reference: ${inputs.question}\n" in yaml(document)


def test_a_wire_from_an_input_that_does_not_exist_makes_it(document: FlowDocument) -> None:
    document.apply(connect(document, PortRef("@inputs", "out", "loud"), PortRef("prepare", "in", "upper")))
    assert "  loud:\n    type: bool\n" in yaml(document)
    assert "    upper: ${inputs.loud}\n" in yaml(document)


def test_a_prompt_speaks_of_what_is_wired_to_it(document: FlowDocument) -> None:
    document.apply(connect(document, QUESTION, PortRef("answer", "in", "style")))
    assert document.text("answer.jinja2").endswith("{{question}}\n{{style}}\n")
    document.undo_stack.undo()
    assert document.text("answer.jinja2").endswith("{{question}}\n")
    document.apply(connect(document, QUESTION, ANSWER))
    assert document.text("answer.jinja2").count("{{question}}") == 1


def test_circles_and_types_are_refused_in_words(document: FlowDocument) -> None:
    assert refusal(document, QUESTION, ANSWER) == ""
    assert "circle" in refusal(document, PortRef("answer", "out", "output"), PortRef("prepare", "in", "text"))
    assert refusal(document, QUESTION, PortRef("prepare", "in", "upper")) == "Gives text, takes true or false."
    assert refusal(document, PREPARED, PortRef("prepare", "in", "text")) == "A node cannot take its own output."
    assert refusal(document, PREPARED, QUESTION) == "A wire leads from an output to an input."


def test_what_sums_up_all_rows_feeds_only_its_like(document: FlowDocument) -> None:
    add(document, "total", "loom.text.join")
    document.apply(SetNodeKey("total", ("aggregation",), True))
    assert "sums up all rows" in refusal(document, PortRef("total", "out", "output"), PROMISED)


def test_lit_speaks_of_every_port_of_the_other_side(document: FlowDocument) -> None:
    cards = read_cards(document)
    found = lit(document, cards, PREPARED)
    assert set(found) == {
        PortRef("prepare", "in", "text"), PortRef("prepare", "in", "upper"), ANSWER, PROMISED
    }  # fmt: skip
    assert [port for port, why in found.items() if not why] == [ANSWER, PROMISED]
    backwards = lit(document, cards, PortRef("prepare", "in", "text"))
    assert backwards[QUESTION] == ""
    assert backwards[PortRef("answer", "out", "output")], "it would wait for itself"


def test_disconnecting_leaves_the_rest(document: FlowDocument) -> None:
    document.apply(SetNodeKey("answer", ("activate",), {"when": Reference("input", "question"), "is": "x"}))
    for target in (ANSWER, PROMISED, PortRef("answer", "in", ACTIVATE)):
        assert document.apply(disconnect(document, target))
    cards = read_cards(document)
    assert list(cards.wires) == [PortRef("prepare", "in", "text")]
    assert "  answer:\n    type: string\n" in yaml(document)
    assert "activate" not in yaml(document)


def test_rewiring_keeps_the_exact_reference_and_cuts_the_old_end(document: FlowDocument) -> None:
    add(document, "page", "loom.data.http_request", url="x")
    document.apply(connect(document, PortRef("page", "out", "json"), ANSWER, taken=Reference("node", "page", ("json", "title"))))
    document.apply(rewire(document, ANSWER, PortRef("page", "out", "json"), PortRef("answer", "in", "title")))
    assert "    title: ${page.output.json.title}\n" in yaml(document)
    assert "    question:" not in yaml(document).split("- name: answer")[1]


def test_inserting_between(document: FlowDocument) -> None:
    add(document, "join", "loom.text.join")
    cards = read_cards(document)
    edit = insert(document, cards, cards.wires[ANSWER], "join")
    assert edit is not None
    assert document.apply(edit)
    assert "    prepare: ${prepare.output}\n" in yaml(document)
    assert "    question: ${join.output}\n" in yaml(document)
    assert document.undo_stack.count() == 2, "inserting is one step"


def test_what_does_not_fit_is_not_inserted(document: FlowDocument) -> None:
    add(document, "rows", "loom.data.csv_write", path="x.csv")
    cards = read_cards(document)
    assert insertion(document, cards, cards.wires[ANSWER], "rows") is None
    assert insertion(document, cards, cards.wires[ANSWER], "@outputs") is None
    assert insertion(document, cards, cards.wires[ANSWER], "prepare") is None


def test_deleting_closes_the_gap(document: FlowDocument) -> None:
    cards = read_cards(document)
    document.apply(delete_and_heal(document, cards, ["answer"]))
    assert read_cards(document).wires[PROMISED].source == PREPARED
    document.undo_stack.undo()
    document.apply(delete_and_heal(document, read_cards(document), ["prepare", "answer"]))
    assert read_cards(document).wires[PROMISED].source == QUESTION, "also through several that go"


def test_a_gap_that_does_not_fit_stays_open(document: FlowDocument) -> None:
    add(document, "split", "loom.text.split", text="${prepare.output}")
    add(document, "rows", "loom.data.csv_write", path="x.csv", rows="${split.output}")
    document.apply(delete_and_heal(document, read_cards(document), ["split"]))
    assert "    rows:" not in yaml(document), "a text is no list of rows"


def test_values_are_called_after_what_says_something() -> None:
    assert name_for(PREPARED) == "prepare"
    assert name_for(PortRef("page", "out", "status")) == "status"
