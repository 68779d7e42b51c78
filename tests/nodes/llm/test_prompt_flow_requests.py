"""The requests and outputs of model nodes against those of prompt flow 1.18.5 with promptflow-tools, recorded over the same server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.api import LoadedFlow

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

CASES = json.loads(Path(__file__).with_name("prompt_flow_requests.json").read_text(encoding="utf-8"))

OURS = ("stream_options",)
"""What we ask for besides: how many tokens a stream took."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_same_request_same_output(
    case: dict[str, Any], make_flow: Callable[..., LoadedFlow], openai_server: DemoServer
) -> None:
    node = {"template": None, **case["node"]}
    with make_flow(flow_inputs=case["flow_inputs"], **node) as flow:
        result = flow.run_result({})
    status = {"Completed": "completed", "Failed": "failed", "LoadError": "failed"}[case["status"]]
    assert result.status == status, result.error
    assert ("ask" in result.nodes) == (case["status"] != "LoadError"), (
        "what prompt flow finds while it loads, no node finds"
    )
    sent = [
        {
            "path": attempt.path,
            "query": dict(attempt.query),
            "body": {name: value for name, value in attempt.body.items() if name not in OURS},
        }
        for attempt in openai_server.ledger.attempts()
    ]
    assert sent == case["requests"]
    if status == "completed":
        output = result.outputs["out"]
        if isinstance(output, list):
            output = f"a vector of {len(output)} numbers"
        assert output == case["output"]
        assert result.nodes["ask"].usage is not None
    else:
        assert result.error is not None
        assert result.error.node == "ask"
        assert result.error.hint
