"""``AzureOpenAIModelConfiguration`` and ``OpenAIModelConfiguration``: which model to ask, and where."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from flowloom.flows.errors import ConnectionFault


class ModelConfiguration(ABC):
    """The base of both."""

    @classmethod
    @abstractmethod
    def from_connection(cls, connection: Any, **model: Any) -> ModelConfiguration:
        """The configuration that asks ``model`` through a connection."""


def _refuse_both(is_configured: bool, connection: str | None) -> None:
    if is_configured and connection:
        raise ConnectionFault(
            "A model's configuration names a connection and also an address or a key.", hint="Keep one of the two.", field="connection"
        )


@dataclass
class AzureOpenAIModelConfiguration(ModelConfiguration):
    """Raises ConnectionFault where both a connection and an address or key are given."""

    azure_deployment: str
    azure_endpoint: str | None = None
    api_version: str | None = None
    api_key: str | None = None
    connection: str | None = None

    def __post_init__(self) -> None:
        self._type = "azure_open_ai"
        _refuse_both(any((self.azure_endpoint, self.api_key, self.api_version)), self.connection)

    @classmethod
    def from_connection(cls, connection: Any, azure_deployment: str) -> AzureOpenAIModelConfiguration:  # type: ignore[override]
        """The configuration of a deployment that a connection reaches."""
        return cls(azure_deployment, connection.api_base, connection.api_version, connection.api_key)


@dataclass
class OpenAIModelConfiguration(ModelConfiguration):
    """Raises ConnectionFault where both a connection and an address or key are given."""

    model: str
    base_url: str | None = None
    api_key: str | None = None
    organization: str | None = None
    connection: str | None = None

    def __post_init__(self) -> None:
        self._type = "open_ai"
        _refuse_both(any((self.base_url, self.api_key, self.organization)), self.connection)

    @classmethod
    def from_connection(cls, connection: Any, model: str) -> OpenAIModelConfiguration:  # type: ignore[override]
        """The configuration of a model that a connection reaches."""
        return cls(model, connection.base_url, connection.api_key, connection.organization)
