from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from flowloom.flows.api import LoadedFlow
from flowloom.flows.errors import ConnectionFault

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


@pytest.mark.parametrize("tool", ["loom.llm.embed", "promptflow.tools.embedding.embedding"])
def test_a_text_becomes_a_vector(tool: str, make_flow: Callable[..., LoadedFlow], openai_server: DemoServer) -> None:
    inputs = {"connection": "oc", "input": "${inputs.question}", "model": "text-embedding-3-large"}
    with make_flow(None, tool=tool, inputs=inputs) as flow:
        result = flow.run_result({})
    assert len(result.outputs["out"]) == 3072
    usage = result.nodes["ask"].usage
    assert usage is not None
    assert usage.calls == 1
    assert usage.price is not None
    assert usage.price > 0


@pytest.mark.parametrize("connection", ["cu", "zz"])
def test_connections_that_will_not_do(connection: str, make_flow: Callable[..., LoadedFlow]) -> None:
    inputs = {"connection": connection, "input": "${inputs.question}"}
    with make_flow(None, tool="loom.llm.embed", inputs=inputs) as flow, pytest.raises(ConnectionFault) as raised:
        flow.run()
    assert raised.value.node == "ask"
