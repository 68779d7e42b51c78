"""Open models behind an endpoint: requests and replies in the forms of promptflow-tools' open_model_llm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.api import LoadedFlow, load_flow
from flowloom.flows.errors import ConnectionFault, MalformedReply, TemplateError

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

TOOL = "promptflow.tools.open_model_llm.OpenModelLLM.call"
INPUTS = {
    "endpoint_name": "localConnection/open",
    "api": "chat",
    "question": "${inputs.question}",
    "max_new_tokens": "20",
}
PARAMETERS = {"top_p": 1.0, "temperature": 1.0, "max_new_tokens": 20}


@pytest.fixture
def ask(make_flow: Callable[..., LoadedFlow], openai_server: DemoServer, tmp_path: Path) -> Callable[..., Any]:
    """Runs a flow of one such node; ``reply`` is what the endpoint sends."""

    def run(reply: Any, *, family: str = "LLaMa", template: str = "user:\n{{question}}\n", **inputs: Any) -> Any:
        make_flow(template, tool=TOOL, inputs={**INPUTS, **inputs}).close()
        connections = {
            "open": {
                "type": "custom",
                "configs": {"endpoint_url": f"{openai_server.address}/score", "model_family": family},
                "secrets": {"endpoint_api_key": "demo-key-0123456789"},
            }
        }
        (tmp_path / "connections.yaml").write_text(json.dumps(connections), encoding="utf-8")
        openai_server.schedule({"status": 200, "body": reply})
        with load_flow(tmp_path, connections=tmp_path / "connections.yaml") as flow:
            return flow.run()["out"]

    return run


def test_a_chat_with_llama(ask: Callable[..., Any], openai_server: DemoServer) -> None:
    assert (
        ask({"output": "Hi"}, template="system:\nBe kind\nuser:\n{{question}}\n", model_kwargs='{"top_k": 5}') == "Hi"
    )
    (attempt,) = openai_server.ledger.attempts()
    assert attempt.path == "/score"
    assert attempt.key == "demo-key-0123456789"
    assert attempt.body == {
        "input_data": {
            "input_string": [{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hello there"}],
            "parameters": {"do_sample": True, "top_k": 5, **PARAMETERS},
        }
    }


def test_a_completion(ask: Callable[..., Any], openai_server: DemoServer) -> None:
    assert (
        ask([{"0": "and more"}], family="dolly", api="completion", template="Say {{question}}", deployment_name="blue")
        == "and more"
    )
    (attempt,) = openai_server.ledger.attempts()
    assert attempt.body == {"input_data": {"input_string": ["Say Hello there"]}, "parameters": PARAMETERS}
    assert attempt.headers["azureml-model-deployment"] == "blue"


@pytest.mark.parametrize("reply", [{}, [], {"output": 5}, [{"1": "x"}], "text"])
def test_replies_of_another_form(reply: Any, ask: Callable[..., Any]) -> None:
    with pytest.raises(MalformedReply):
        ask(reply)


def test_prompts_that_are_no_chat(ask: Callable[..., Any]) -> None:
    with pytest.raises(TemplateError, match="does not begin with"):
        ask({}, template="{{question}} and more")
    with pytest.raises(TemplateError, match="is empty"):
        ask({}, template="user:\n{{question}}\nassistant:\n")


@pytest.mark.parametrize("name", ["onlineEndpoint/mine", "serverlessEndpoint/mine", "mine"])
def test_endpoints_only_azure_knows(name: str, ask: Callable[..., Any]) -> None:
    with pytest.raises(ConnectionFault, match="known to an Azure workspace only"):
        ask({}, endpoint_name=name)


def test_a_family_that_is_not_known(ask: Callable[..., Any]) -> None:
    with pytest.raises(ConnectionFault, match="no family of models"):
        ask({}, family="other")
