from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flowloom.flows.api import LoadedFlow
from flowloom.flows.node.registry import default_registry

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


def test_what_the_completion_node_says_of_itself() -> None:
    spec = default_registry().get("loom.llm.completion").spec
    assert {"suffix", "best_of", "echo"} <= set(spec.ports.inputs)
    assert "tools" not in spec.ports.inputs


def test_a_text_is_continued_and_role_markers_mean_nothing(
    make_flow: Callable[..., LoadedFlow], openai_server: DemoServer
) -> None:
    openai_server.rules.add({"regex": "^system:", "reply": " and so on"})
    inputs = {"model": "gpt-3.5-turbo-instruct", "question": "${inputs.question}", "max_tokens": 2}
    with make_flow("system:\n{{question}}\n", inputs=inputs, connection="oc", api="completion") as flow:
        result = flow.run_result({})
    assert result.outputs == {"out": " and so"}
    (body,) = openai_server.ledger.bodies()
    assert body["prompt"] == "system:\nHello there\n"
