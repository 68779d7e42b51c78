from promptflow._core.tool import ToolProvider, tool as core_tool
from promptflow.connections import AzureOpenAIConnection, CustomConnection, CustomStrongTypeConnection, OpenAIConnection
from promptflow.contracts.multimedia import Image
from promptflow.contracts.types import AssistantDefinition, FilePath, PromptTemplate, Secret
from promptflow.core import (
    AsyncPrompty,
    AzureOpenAIModelConfiguration,
    OpenAIModelConfiguration,
    Prompty,
    ToolProvider as CoreToolProvider,
    log_metric,
    tool,
)
from promptflow.entities import DynamicList, InputSetting
from promptflow.tracing import start_trace, trace


@trace
def helper(x: str) -> str:
    return x[::-1]


@tool
def n(x: str) -> str:
    names = [AzureOpenAIConnection, CustomConnection, CustomStrongTypeConnection, OpenAIConnection, Image]
    return helper(x) + " " + " ".join(kind.__name__ for kind in names)
