from __future__ import annotations

import pytest

from flowloom.flows.engine.events import Usage
from flowloom.flows.engine.result import NodeResult, RunResult
from flowloom.flows.errors import ToolError


def test_the_object_of_a_run() -> None:
    error = ToolError("broke", node="b", hint="mend it", detail="Traceback")
    nodes = {"a": NodeResult("completed", [1], 0.5, True, Usage(1, 2, 3, 1)), "b": NodeResult("failed", seconds=0.1, error=error)}
    assert RunResult("r", "failed", {}, nodes, {"score": 1.0}, error, 0.75).as_json() == {
        "status": "failed",
        "outputs": {},
        "nodes": {
            "a": {
                "status": "completed",
                "output": [1],
                "seconds": 0.5,
                "cached": True,
                "usage": Usage(1, 2, 3, 1).as_json(),
                "error": None,
            },
            "b": {"status": "failed", "output": None, "seconds": 0.1, "cached": False, "usage": None, "error": error.as_json()},
        },
        "metrics": {"score": 1.0},
        "error": {"kind": "tool", "message": "broke", "node": "b", "hint": "mend it"},
        "seconds": 0.75,
        "run_id": "r",
    }


def test_only_a_failed_run_raises() -> None:
    RunResult("r", "completed").raise_for_status()
    with pytest.raises(ToolError, match="broke"):
        RunResult("r", "failed", error=ToolError("broke")).raise_for_status()


def test_results_share_nothing() -> None:
    one, two = RunResult("a", "completed"), RunResult("b", "completed")
    one.outputs["x"] = 1
    assert two.outputs == {}
