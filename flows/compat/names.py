"""Which of our objects stands behind which name of prompt flow, as data: ``{module: {name: "our.module:attribute"}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TOOL: Final = {
    "tool": "flowloom.flows.node.declare:tool",
    "log_metric": "flowloom.flows.compat.metrics:log_metric",
    "ToolProvider": "flowloom.flows.compat.tool_provider:ToolProvider",
}
_CONNECTIONS: Final = {
    name: f"flowloom.flows.connections.kinds:{name}"
    for name in (
        "AzureAIServicesConnection",
        "AzureContentSafetyConnection",
        "AzureOpenAIConnection",
        "CognitiveSearchConnection",
        "CustomConnection",
        "CustomStrongTypeConnection",
        "FormRecognizerConnection",
        "OpenAIConnection",
        "SerpConnection",
        "ServerlessConnection",
    )
}
_TRACE: Final = {
    "trace": "flowloom.flows.compat.tracing:trace",
    "start_trace": "flowloom.flows.compat.tracing:start_trace",
    "ThreadPoolExecutorWithContext": "flowloom.flows.compat.tracing:ThreadPoolExecutorWithContext",
}

MODULES: Final[Mapping[str, Mapping[str, str]]] = {
    "promptflow": {**_TOOL, "log_flow_metric": _TOOL["log_metric"]},
    "promptflow.core": {**_TOOL, "log_flow_metric": _TOOL["log_metric"]},
    "promptflow.tracing": _TRACE,
    "promptflow.connections": _CONNECTIONS,
    "promptflow.contracts": {},
    "promptflow.contracts.multimedia": {
        "Image": "flowloom.flows.model.images:Image",
        "Text": "flowloom.flows.model.images:Text",
    },
    "promptflow.contracts.types": {
        "Secret": "flowloom.flows.compat.types:Secret",
        "PromptTemplate": "flowloom.flows.compat.types:PromptTemplate",
        "FilePath": "flowloom.flows.compat.types:FilePath",
        "AssistantDefinition": "flowloom.flows.compat.types:AssistantDefinition",
    },
}
