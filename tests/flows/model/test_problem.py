from __future__ import annotations

from flowloom.flows.model.problem import Problem


def test_a_problem_in_words_and_as_json() -> None:
    problem = Problem(
        "node.duplicate", "error", "Two nodes are named 'a'.", "Rename one.", "a", "name", "flow.dag.yaml", 3, 5
    )
    assert str(problem) == "flow.dag.yaml:3:5: Two nodes are named 'a'. Rename one."
    assert str(Problem("x", "warning", "Odd.")) == "Odd."
    assert problem.as_json() == {
        "code": "node.duplicate",
        "severity": "error",
        "message": "Two nodes are named 'a'.",
        "fix": "Rename one.",
        "node": "a",
        "field": "name",
        "file": "flow.dag.yaml",
        "line": 3,
        "column": 5,
    }
