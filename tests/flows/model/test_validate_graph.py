"""Wires of a flow: what a run asks about before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.flow_file import read
from flowloom.flows.model.build import build
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate_graph import graph_problems

NODE = "- {{name: {0}, type: python, source: {{type: code, path: none.py}}, inputs: {{x: {1}}}{2}}}\n"


def problems(folder: Path, text: str) -> list[Problem]:
    (folder / "flow.dag.yaml").write_text(text)
    file = read(folder)
    return graph_problems(file, build(file))


def test_no_other_file_is_looked_at(tmp_path: Path) -> None:
    assert problems(tmp_path, "nodes:\n" + NODE.format("a", 1, "")) == []


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "inputs: {q: {type: object}}\nnodes:\n" + NODE.format("a", "'${inputs.q.part}'", ""),
            "reference.unknown_input",
            "takes the whole",
        ),
        (
            "inputs: {q: {type: object}}\nnodes:\n" + NODE.format("a", "'${q.output}'", ""),
            "reference.unknown_node",
            "no node 'q'",
        ),
        ("nodes:\n" + NODE.format("a", "'${a.output}'", ""), "graph.circle", "its own output"),
        (
            "outputs: {o: {type: string, reference: '${b.output}'}}\nnodes:\n" + NODE.format("a", 1, ""),
            "reference.unknown_node",
            "no node 'b'",
        ),
        (
            "outputs: {o: {type: string, reference: '${inputs.q}'}}\nnodes:\n" + NODE.format("a", 1, ""),
            "reference.unknown_input",
            "no input 'q'",
        ),
        (
            "nodes:\n" + NODE.format("a", 1, ", activate: {when: '${inputs.q}', is: 1}"),
            "reference.unknown_input",
            "no input 'q'",
        ),
        (
            "nodes:\n" + NODE.format("a", 1, ", activate: {when: '${b.output}', is: 1}"),
            "reference.unknown_node",
            "no node 'b'",
        ),
        (
            "nodes:\n"
            + NODE.format("b", 1, ", aggregation: true")
            + NODE.format("a", 1, ", activate: {when: '${b.output}', is: 1}"),
            "aggregation.referenced",
            "once after all rows",
        ),
    ],
)
def test_wires_that_lead_nowhere_keep_a_flow_from_running(tmp_path: Path, text: str, code: str, words: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.severity) == (code, "error")
    assert words in problem.message


def test_a_node_that_has_problems_of_its_own_is_not_unknown(tmp_path: Path) -> None:
    assert problems(tmp_path, "nodes:\n- {name: b}\n" + NODE.format("a", "'${b.output}'", "")) == []


def test_aggregation_nodes_may_hang_on_each_other_and_on_inputs(tmp_path: Path) -> None:
    text = (
        "inputs: {q: {type: string}}\nnodes:\n"
        + NODE.format("b", 1, ", aggregation: true")
        + NODE.format("a", "'${b.output}'", ", aggregation: true, activate: {when: '${b.output}', is: 1}")
        + NODE.format("c", "1", ", aggregation: true, activate: {when: '${inputs.q}', is: 1}")
    )
    assert problems(tmp_path, text) == []


def test_each_knot_is_one_problem(tmp_path: Path) -> None:
    text = "nodes:\n" + "".join(
        NODE.format(name, f"'${{{other}.output}}'", "") for name, other in ("ab", "ba", "cd", "dc", "ea")
    )
    assert [problem.code for problem in problems(tmp_path, text)] == ["graph.circle"] * 2
