"""Advice that names what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.flow_file import read
from flowloom.flows.model.build import build
from flowloom.flows.model.findings import Findings, did_you_mean, listed
from flowloom.flows.model.problem import Problem


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("qestion", ["answer", "question"], "Did you mean 'question'?"),
        ("Question", ["question"], "Did you mean 'question'?"),
        ("zzz", ["question"], "Add it."),
        ("a", [], "Add it."),
    ],
)
def test_a_close_word_is_offered(word: str, known: list[str], advice: str) -> None:
    assert did_you_mean(word, known, "Add it.") == advice


def test_words_are_listed_for_a_sentence() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "'a'"
    assert listed(["a", "b", "c"]) == "'a', 'b' and 'c'"
    assert listed(map(str, range(20))).endswith("and others")


def test_a_problem_of_a_node_gets_the_place_of_its_input_or_its_body(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text(
        "nodes:\n- name: n\n  type: prompt\n  source: {path: p}\n  inputs:\n    q: 1\n"
    )
    file = read(tmp_path)
    findings = Findings(file, build(file))
    of_input = findings.placed(Problem("x.y", "error", "m", node="n", field="q"))
    assert (of_input.file, of_input.line, of_input.column) == ("flow.dag.yaml", 6, 8)
    of_node = findings.placed(Problem("x.y", "error", "m", node="n", field="other"))
    assert of_node.line == 2
    elsewhere = Problem("x.y", "error", "m", node="n", file="p", line=9)
    assert findings.placed(elsewhere) is elsewhere
