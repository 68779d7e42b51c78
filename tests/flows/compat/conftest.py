"""Flows whose one tool imports prompt flow's names, beside the stand-in server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.connections.store import Connections
from flowloom.flows.engine.result import RunResult
from flowloom.nodes.services.demo_server.server import DemoServer


@pytest.fixture
def server(openai_server: DemoServer) -> DemoServer:
    openai_server.rules.default = "echo"
    return openai_server


@pytest.fixture
def run_tool(tmp_path: Path, openai_server: DemoServer) -> Callable[..., RunResult]:
    """Runs a flow whose node ``n`` is the tool in ``code``, with these literal inputs; ``files`` lie beside it."""

    def run(code: str, inputs: dict[str, Any] | None = None, files: dict[str, str] | None = None) -> RunResult:
        node = {"name": "n", "type": "python", "source": {"type": "code", "path": "t.py"}, "inputs": inputs or {}}
        flow = {"outputs": {"out": {"type": "object", "reference": "${n.output}"}}, "nodes": [node]}
        for name, text in {"flow.dag.yaml": json.dumps(flow), "t.py": code, **(files or {})}.items():
            place = tmp_path / "flow" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        (tmp_path / "connections.yaml").write_text(json.dumps(openai_server.connections()))
        with load_flow(tmp_path / "flow", connections=Connections(tmp_path / "connections.yaml")) as loaded:
            return loaded.run_result()

    return run
