"""prompt flow's own model tools as node types: ``promptflow.tools.llm.llm`` and the tools for images.

Names, types and defaults follow promptflow-tools' tables (``yamls/*.yaml``), which differ from the signatures: a
penalty written for ``llm`` is a whole number, for example."""

from __future__ import annotations

from collections.abc import Mapping

from flowloom.flows.node.spec import Effect, NodeSpec
from flowloom.nodes.llm.model_node import ModelNode, described
from flowloom.nodes.llm.parameters import Flavour

_CONNECTIONS = ("open_ai", "azure_open_ai")

_VISION: Mapping[str, str] = {
    "deployment_name": "string",
    "model": "string",
    "temperature": "double",
    "top_p": "double",
    "stop": "list",
    "max_tokens": "int",
    "presence_penalty": "double",
    "frequency_penalty": "int",
    "seed": "int",
    "detail": "string",
}
_LLM: Mapping[str, str] = {
    "api": "string",
    "deployment_name": "string",
    "model": "string",
    "temperature": "double",
    "top_p": "double",
    "stop": "list",
    "max_tokens": "int",
    "presence_penalty": "double",
    "response_format": "object",
    "frequency_penalty": "int",
    "logit_bias": "object",
    "seed": "int",
    "suffix": "string",
    "logprobs": "int",
    "echo": "bool",
    "best_of": "int",
    "tools": "list",
    "tool_choice": "object",
}
_NO_PENALTY = {"presence_penalty": 0, "frequency_penalty": 0}


def _spec(id: str, title: str, help: str, types: Mapping[str, str]) -> NodeSpec:
    return described(
        NodeSpec(
            id,
            title,
            "Models",
            help=help,
            effect=Effect.READ,
            hosts=("{connection}",),
            secrets=("connection",),
            icon="model",
            kind="llm",
        ),
        types,
    )


def _only(types: Mapping[str, str], without: str) -> dict[str, str]:
    return {name: "double" if name == "frequency_penalty" else kind for name, kind in types.items() if name != without}


llm = ModelNode(
    _spec(
        "promptflow.tools.llm.llm", "LLM", "Asks a model, by chat or completion, over any connection to a model.", _LLM
    ),
    _LLM,
    api=None,
    # The tool hands every parameter on, so that its own defaults, not those of the API's, apply.
    flavour=Flavour({"max_tokens": None, "model": ""}),
    connection_input=True,
    passed_on=frozenset({"stream", "functions", "function_call", "user", "n"}),
)

llm_vision = ModelNode(
    _spec(
        "promptflow.tools.llm_vision.llm_vision",
        "LLM with images",
        "Asks a model about images: write ![image]({{name}}) in the prompt.",
        _VISION,
    ),
    _VISION,
    flavour=Flavour(_NO_PENALTY, vision=True),
    kinds=_CONNECTIONS,
    connection_input=True,
    passed_on=frozenset({"stream"}),
)

azure_vision = ModelNode(
    _spec(
        "promptflow.tools.aoai_gpt4v.AzureOpenAI.chat",
        "Azure OpenAI with images",
        "Asks a model on Azure about images: write ![image]({{name}}) in the prompt.",
        _only(_VISION, "model"),
    ),
    _only(_VISION, "model"),
    flavour=Flavour(_NO_PENALTY, vision=True),
    kinds=("azure_open_ai",),
    connection_input=True,
    passed_on=frozenset({"stream"}),
)

openai_vision = ModelNode(
    _spec(
        "promptflow.tools.openai_gpt4v.OpenAI.chat",
        "OpenAI with images",
        "Asks a model of OpenAI's about images: write ![image]({{name}}) in the prompt.",
        _only(_VISION, "deployment_name"),
    ),
    _only(_VISION, "deployment_name"),
    flavour=Flavour({**_NO_PENALTY, "model": "gpt-4-vision-preview"}, vision=True),
    kinds=("open_ai",),
    connection_input=True,
    passed_on=frozenset({"stream"}),
)
