"""prompt flow's own tool ids are node types of ours; their requests are compared in test_prompt_flow_requests.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from flowloom.flows.api import LoadedFlow
from flowloom.flows.node.registry import default_registry

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

IDS = {
    "promptflow.tools.llm.llm": {"api", "model", "tool_choice"},
    "promptflow.tools.llm_vision.llm_vision": {"model", "deployment_name", "detail"},
    "promptflow.tools.aoai_gpt4v.AzureOpenAI.chat": {"deployment_name", "detail"},
    "promptflow.tools.openai_gpt4v.OpenAI.chat": {"model", "detail"},
}


@pytest.mark.parametrize("id", IDS)
def test_the_ids_are_known(id: str) -> None:
    spec = default_registry().get(id).spec
    assert spec.id == id
    assert set(spec.ports.inputs) >= IDS[id]
    assert spec.help


def test_a_connection_may_come_from_another_node(
    make_flow: Callable[..., LoadedFlow], openai_server: DemoServer
) -> None:
    before = ({"name": "which", "type": "python", "source": {"type": "code", "path": "t.py"}, "inputs": {}},)
    files = {"t.py": "from promptflow.core import tool\n\n@tool\ndef t():\n    return 'az'\n"}
    inputs = {"connection": "${which.output}", "deployment_name": "mine", "question": "${inputs.question}"}
    with make_flow(tool="promptflow.tools.llm.llm", files=files, before=before, inputs=inputs) as flow:
        assert flow.run()["out"]
    assert openai_server.ledger.attempts()[0].path == "/openai/deployments/mine/chat/completions"
