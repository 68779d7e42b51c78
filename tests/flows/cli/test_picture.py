from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flowloom.flows.cli.picture import INPUTS, OUTPUTS, Wire, about_input, picture
from flowloom.flows.document import read
from flowloom.flows.model.build import build
from flowloom.flows.model.flow import Flow, FlowInput

FLOW = """
inputs: {question: {type: string}, n: {type: int, default: 3}}
outputs: {answer: {type: string, reference: "${answer.output}"}, fixed: {type: string, reference: hello}}
nodes:
- {name: ask, type: prompt, source: {type: code, path: ask.jinja2}, inputs: {q: "${inputs.question}", q2: "${inputs.question}"}}
- name: answer
  type: llm
  source: {type: code, path: answer.jinja2}
  connection: c
  api: chat
  inputs: {model: gpt-4o, q: "${ask.output}", lost: "${nowhere.output}"}
  activate: {when: "${ask.output.kind}", is: refund}
- {name: find, type: python, source: {type: package, tool: loom.retrieval.search}, inputs: {q: "${answer.output}"}}
- {name: total, type: python, source: {type: code, path: total.py}, aggregation: true, inputs: {a: "${answer.output}"}}
"""


def flow(write_flow: Callable[..., Path], text: str = FLOW) -> Flow:
    return build(read(write_flow({"flow.dag.yaml": text}))).flow


def test_cards_say_what_a_node_is(write_flow: Callable[..., Path]) -> None:
    cards = {card.id: card for card in picture(flow(write_flow)).cards}
    assert list(cards) == [INPUTS, "ask", "answer", "find", "total", OUTPUTS]
    assert cards[INPUTS].about == "question, n"
    assert (cards["answer"].about, cards["answer"].kind) == ("model · gpt-4o · answer.jinja2", "llm")
    assert (cards["find"].about, cards["find"].kind) == ("loom.retrieval.search", "retrieval")
    assert cards["total"].about == "python · total.py · over all rows"


def test_wires_once_each_and_only_to_what_exists(write_flow: Callable[..., Path]) -> None:
    assert set(picture(flow(write_flow)).wires) == {
        Wire(INPUTS, "ask"),
        Wire("ask", "answer"),
        Wire("ask", "answer", "only if ${ask.output.kind} is refund"),
        Wire("answer", "find"),
        Wire("answer", "total"),
        Wire("answer", OUTPUTS),
    }


def test_without_the_ends_only_nodes_remain(write_flow: Callable[..., Path]) -> None:
    assert [card.id for card in picture(flow(write_flow), ends=False).cards] == ["ask", "answer", "find", "total"]


def test_inputs_in_words() -> None:
    assert about_input(FlowInput("q", "string")) == "q (string, needed)"
    assert about_input(FlowInput("q", "string", default="x y")) == "q (string, 'x y' unless given)"
    assert about_input(FlowInput("n", "int", default=0)) == "n (int, 0 unless given)"
