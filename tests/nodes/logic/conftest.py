"""Flow folders for the nodes that call flows, run by the real engine."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.api import LoadedFlow, load_flow

INNER = """
    inputs:
      n: {type: int}
      by: {type: int, default: 3}
    outputs:
      n: {type: int, reference: "${multiply.output}"}
      text: {type: string, reference: "${say.output}"}
    nodes:
    - name: multiply
      type: python
      source: {type: code, path: multiply.py}
      inputs: {n: "${inputs.n}", by: "${inputs.by}"}
    - name: say
      type: prompt
      source: {type: code, path: say.jinja2}
      inputs: {n: "${multiply.output}"}
    """
MULTIPLY = """
    from promptflow.core import tool

    @tool
    async def multiply(n: int, by: int) -> int:
        if n < 0:
            raise ValueError(f"{n} is negative")
        return n * by
    """


@pytest.fixture
def outer(tmp_path: Path) -> Iterator[Callable[..., LoadedFlow]]:
    """``outer(tool, **inputs)``: a flow of one node of that type, beside the flow ``inner`` it may call."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "flow.dag.yaml").write_text(textwrap.dedent(INNER))
    (inner / "multiply.py").write_text(textwrap.dedent(MULTIPLY))
    (inner / "say.jinja2").write_text("it is {{n}}")
    opened: list[LoadedFlow] = []

    def make(tool: str, **inputs: Any) -> LoadedFlow:
        node = {"name": "node", "type": "python", "source": {"type": "package", "tool": tool}, "inputs": inputs}
        flow = {"outputs": {"result": {"type": "object", "reference": "${node.output}"}}, "nodes": [node]}
        (tmp_path / "flow.dag.yaml").write_text(json.dumps(flow))
        opened.append(load_flow(tmp_path))
        return opened[-1]

    yield make
    for flow in opened:
        flow.close()
