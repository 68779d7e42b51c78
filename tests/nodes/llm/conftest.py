"""Flows of one model node against the stand-in server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.api import LoadedFlow, load_flow

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

QUESTION = {"question": {"type": "string", "default": "Hello there"}}


@pytest.fixture
def make_flow(openai_server: DemoServer, tmp_path: Path) -> Callable[..., LoadedFlow]:
    """Writes a flow whose node ``ask`` has these keys (``template`` is the prompt's text, ``tool`` makes it a package tool)."""

    def make(
        template: str | None = "system:\nYou are kind.\nuser:\n{{question}}\n",
        *,
        flow_inputs: Mapping[str, Any] = QUESTION,
        tool: str | None = None,
        files: Mapping[str, str] | None = None,
        before: tuple[Mapping[str, Any], ...] = (),
        **node: Any,
    ) -> LoadedFlow:
        given = {"name": "ask", **node}
        if tool is None:
            given |= {"type": "llm", "source": {"type": "code", "path": "p.jinja2"}}
        elif template is None:
            given |= {"type": "python", "source": {"type": "package", "tool": tool}}
        else:
            given |= {"type": "custom_llm", "source": {"type": "package_with_prompt", "tool": tool, "path": "p.jinja2"}}
        for name, text in {"p.jinja2": template, **(files or {})}.items():
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8")
        outputs = {"out": {"type": "object", "reference": "${ask.output}"}}
        flow = {"inputs": flow_inputs, "outputs": outputs, "nodes": [*before, given]}
        (tmp_path / "flow.dag.yaml").write_text(json.dumps(flow), encoding="utf-8")
        known = openai_server.connections()
        connections = {
            "oc": known["open_ai_connection"],
            "az": known["azure_open_ai_connection"],
            "sl": known["serverless_connection"],
            "cu": {"type": "custom", "secrets": {"api_key": "demo-key-0123456789"}},
        }
        (tmp_path / "connections.yaml").write_text(json.dumps(connections), encoding="utf-8")
        return load_flow(tmp_path, connections=tmp_path / "connections.yaml")

    return make
