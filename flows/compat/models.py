"""``promptflow.tools.aoai``, ``.openai`` and ``.embedding``: functions with which a tool's code asks a model.

The requests are those of our nodes for models, so names, defaults and results are prompt flow's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Any, NoReturn

from flowloom.flows.compat.running import context, pieces_of, wait_for
from flowloom.flows.compat.tool_provider import ToolProvider
from flowloom.flows.connections.kinds import AzureOpenAIConnection, OpenAIConnection, SerpConnection
from flowloom.flows.errors import UsageError


def _ask(api: str, connection: Any, prompt: str, inputs: dict[str, Any]) -> Any:
    from flowloom.flows.node.registry import default_registry

    guarded: Sequence[str] = inputs.pop("_inputs_to_escape", None) or ()
    given = {name: value for name, value in inputs.items() if value is not None and value != ""}
    node_type: Any = default_registry().get(f"loom.llm.{api}")
    found = wait_for(node_type.ask(connection, str(prompt), given, context(), guarded))
    return pieces_of(found) if isinstance(found, AsyncIterator) else found


class AzureOpenAI(ToolProvider):
    """A model on Azure. Prompts are templates; further arguments are their variables or parameters of the request."""

    def __init__(self, connection: AzureOpenAIConnection) -> None:
        super().__init__()
        self.connection = connection

    def completion(self, prompt: str, deployment_name: str, **inputs: Any) -> Any:
        """The text that continues the prompt, or with ``stream=True`` an iterator over its pieces."""
        return _ask("completion", self.connection, prompt, {"deployment_name": deployment_name, **inputs})

    def chat(self, prompt: str, deployment_name: str, **inputs: Any) -> Any:
        """The reply's text; with ``tools`` or ``functions`` the message; with ``stream=True`` an iterator over its pieces."""
        return _ask("chat", self.connection, prompt, {"deployment_name": deployment_name, **inputs})


class OpenAI(ToolProvider):
    """A model of OpenAI's, or of any service that speaks its interface."""

    def __init__(self, connection: OpenAIConnection) -> None:
        super().__init__()
        self.connection = connection

    def completion(self, prompt: str, model: str = "", **inputs: Any) -> Any:
        """As ``AzureOpenAI.completion``."""
        return _ask("completion", self.connection, prompt, {"model": str(getattr(model, "value", model)), **inputs})

    def chat(self, prompt: str, model: str = "", **inputs: Any) -> Any:
        """As ``AzureOpenAI.chat``."""
        return _ask("chat", self.connection, prompt, {"model": model, **inputs})


def azure_completion(connection: AzureOpenAIConnection, prompt: str, deployment_name: str, **inputs: Any) -> Any:
    return AzureOpenAI(connection).completion(prompt, deployment_name, **inputs)


def azure_chat(connection: AzureOpenAIConnection, prompt: str, deployment_name: str, **inputs: Any) -> Any:
    return AzureOpenAI(connection).chat(prompt, deployment_name, **inputs)


def openai_completion(connection: OpenAIConnection, prompt: str, model: str = "", **inputs: Any) -> Any:
    return OpenAI(connection).completion(prompt, model, **inputs)


def openai_chat(connection: OpenAIConnection, prompt: str, model: str = "", **inputs: Any) -> Any:
    return OpenAI(connection).chat(prompt, model, **inputs)


class EmbeddingModel(StrEnum):
    TEXT_EMBEDDING_ADA_002 = "text-embedding-ada-002"
    TEXT_SEARCH_ADA_DOC_001 = "text-search-ada-doc-001"
    TEXT_SEARCH_ADA_QUERY_001 = "text-search-ada-query-001"


def embedding(
    connection: Any,
    input: Any,
    deployment_name: str = "",
    model: str = EmbeddingModel.TEXT_EMBEDDING_ADA_002.value,
) -> list[float]:
    """The vector of a text; of a list of texts, that of the first."""
    name = deployment_name if isinstance(connection, AzureOpenAIConnection) else str(getattr(model, "value", model))
    texts = list(input) if isinstance(input, list | tuple) else [input]
    vectors, usage = wait_for(context().service("embedding").embed(connection, name, texts))
    context().usage(usage)
    return vectors[0]


class SerpAPI(ToolProvider):
    """Search engines through serpapi.com, which Flowloom has no client for."""

    def __init__(self, connection: SerpConnection) -> None:
        super().__init__()
        self.connection = connection

    def search(self, query: str, **options: Any) -> NoReturn:
        raise UsageError("Searching with SerpAPI needs prompt flow's own tools.", hint="Install them: pip install promptflow promptflow-tools")
