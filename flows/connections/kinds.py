"""What a connection is: a named way to reach a service, with its settings (``configs``) and its keys (``secrets``).

    Connection
    ├── AzureOpenAIConnection          azure_open_ai
    ├── OpenAIConnection               open_ai           any service that speaks OpenAI's interface
    ├── ServerlessConnection           serverless
    ├── CognitiveSearchConnection      cognitive_search
    ├── AzureAIServicesConnection      azure_ai_services
    ├── AzureContentSafetyConnection   azure_content_safety
    │   └── FormRecognizerConnection   form_recognizer
    ├── QdrantConnection               qdrant
    ├── WeaviateConnection             weaviate
    ├── SerpConnection                 serp
    ├── LocalConnection                local             the model on this computer
    └── CustomConnection               custom
    CustomStrongTypeConnection         the base of a flow's own connection classes

Python tools of a flow receive these objects, so attributes, ``connection["key"]``, ``dict(connection)`` and the
constructors are those of the prompt flow classes of the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flowloom.flows.connections.connection import Connection, Secret, Setting
from flowloom.flows.errors import ConnectionFault

AZURE_OPENAI_API_VERSION = "2024-02-01"
COGNITIVE_SEARCH_API_VERSION = "2023-11-01"
CONTENT_SAFETY_API_VERSION = "2023-10-01"
FORM_RECOGNIZER_API_VERSION = "2023-07-31"


class _KeyOrToken(Connection):
    """A service that takes a key, or a Microsoft Entra token where ``auth_mode`` is ``meid_token``."""

    def __init__(self, *values: Any, name: str | None = None, **given: Any) -> None:
        self._token_provider: Any = given.pop("token_provider", None)
        super().__init__(*values, name=name, **given)
        if self.configs.get("auth_mode") != "key":
            self.secrets.pop("api_key", None)

    def missing(self) -> tuple[str, ...]:
        found = super().missing()
        return found if self.configs.get("auth_mode") == "key" else tuple(key for key in found if key != "api_key")

    def get_token(self) -> str:
        """A Microsoft Entra token for this service, from whatever signed-in identity ``azure-identity`` finds."""
        if self._token_provider is not None:
            return self._token_provider.get_token()
        try:
            from azure.identity import DefaultAzureCredential  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise ConnectionFault(
                f"The connection {self.name!r} signs in with Microsoft Entra, which needs the package azure-identity.",
                hint="Install it: pip install azure-identity",
            ) from error
        return DefaultAzureCredential().get_token("https://cognitiveservices.azure.com/.default").token


class AzureOpenAIConnection(_KeyOrToken):
    kind = "azure_open_ai"
    title = "Azure OpenAI"
    api_base = Setting(required=True, url=True, help="such as https://NAME.openai.azure.com/")
    api_key = Secret(required=True)
    api_type = Setting("azure")
    api_version = Setting(AZURE_OPENAI_API_VERSION)
    auth_mode = Setting("key", help="key or meid_token")
    resource_id = Setting()

    @classmethod
    def from_env(cls, name: str | None = None) -> AzureOpenAIConnection:
        """From AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY and, if set, OPENAI_API_VERSION."""
        values = _from_environment(cls, api_base="AZURE_OPENAI_ENDPOINT", api_key="AZURE_OPENAI_API_KEY")
        return cls(name=name, api_version=_environ().get("OPENAI_API_VERSION"), **values)


class OpenAIConnection(Connection):
    kind = "open_ai"
    title = "OpenAI, or any service that speaks its interface"
    default_host = "api.openai.com"
    api_key = Secret()
    organization = Setting()
    base_url = Setting(url=True, help="leave out for OpenAI itself")

    def __init__(self, *values: Any, name: str | None = None, **given: Any) -> None:
        super().__init__(*values, name=name, **given)
        if self.base_url in ("", "_"):  # how some files write 'none'
            self.base_url = None

    def missing(self) -> tuple[str, ...]:
        """OpenAI itself needs a key; a server of one's own often takes none."""
        return () if self.api_key or self.base_url else ("api_key",)

    @classmethod
    def from_env(cls, name: str | None = None) -> OpenAIConnection:
        """From OPENAI_API_KEY and, if set, OPENAI_BASE_URL and OPENAI_ORG_ID."""
        values = _from_environment(cls, api_key="OPENAI_API_KEY")
        environ = _environ()
        return cls(
            name=name, organization=environ.get("OPENAI_ORG_ID"), base_url=environ.get("OPENAI_BASE_URL"), **values
        )


class ServerlessConnection(Connection):
    kind = "serverless"
    title = "Azure serverless endpoint"
    api_key = Secret(required=True)
    api_base = Setting(required=True, url=True)


class CognitiveSearchConnection(_KeyOrToken):
    kind = "cognitive_search"
    title = "Azure AI Search"
    api_base = Setting(required=True, url=True)
    api_key = Secret(required=True)
    api_version = Setting(COGNITIVE_SEARCH_API_VERSION)
    auth_mode = Setting("key", help="key or meid_token")


class AzureAIServicesConnection(_KeyOrToken):
    kind = "azure_ai_services"
    title = "Azure AI services"
    endpoint = Setting(required=True, url=True)
    api_key = Secret(required=True)
    auth_mode = Setting("key", help="key or meid_token")


class AzureContentSafetyConnection(Connection):
    kind = "azure_content_safety"
    title = "Azure Content Safety"
    api_key = Secret(required=True)
    endpoint = Setting(required=True, url=True)
    api_version = Setting(CONTENT_SAFETY_API_VERSION)
    api_type = Setting("Content Safety")


class FormRecognizerConnection(AzureContentSafetyConnection):
    kind = "form_recognizer"
    title = "Azure Form Recognizer"
    api_version = Setting(FORM_RECOGNIZER_API_VERSION)
    api_type = Setting("Form Recognizer")


class QdrantConnection(Connection):
    kind = "qdrant"
    title = "Qdrant"
    api_key = Secret(required=True)
    api_base = Setting(required=True, url=True)


class WeaviateConnection(Connection):
    kind = "weaviate"
    title = "Weaviate"
    api_key = Secret(required=True)
    api_base = Setting(required=True, url=True)


class SerpConnection(Connection):
    kind = "serp"
    title = "Serp"
    default_host = "serpapi.com"
    api_key = Secret(required=True)


class LocalConnection(Connection):
    """The model that runs on this computer: nothing leaves it. ``model`` is a name of ``flowloom models`` or the path
    of a GGUF file.
    """

    kind = "local"
    title = "The model on this computer"
    model = Setting(
        help="a name of 'flowloom models' or the path of a GGUF file; leave out for the model that comes along"
    )


class CustomConnection(Connection):
    """Any keys: ``configs`` are shown, ``secrets`` are not."""

    kind = "custom"
    title = "Anything else: your own keys and secrets"

    def __init__(
        self,
        secrets: Mapping[str, Any] | None = None,
        configs: Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        **ignored: Any,
    ) -> None:
        super().__init__(name=name)
        self.secrets = dict(secrets or {})
        self.configs = dict(configs or {})

    def __getattr__(self, key: str) -> Any:
        # Only reached for names that are not set; the two stores themselves are absent while a copy is being made.
        if key not in ("secrets", "configs"):
            if key in self.secrets:
                return self.secrets[key]
            if key in self.configs:
                return self.configs[key]
        raise AttributeError(f"The connection has no key {key!r}.")

    @property
    def host(self) -> str | None:
        for value in self.configs.values():
            if isinstance(value, str) and value.startswith(("http://", "https://")):
                return urlsplit(value).hostname
        return None

    def is_secret(self, key: str) -> bool:
        return key in self.secrets


class CustomStrongTypeConnection(Connection):
    """The base of a flow's or package's own connection classes, whose annotations name the keys::

    class SearchConnection(CustomStrongTypeConnection):
        api_key: Secret
        api_base: str = "https://example.org"
    """

    kind = "custom"

    def __init__(
        self,
        secrets: Mapping[str, Any] | None = None,
        configs: Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        **ignored: Any,
    ) -> None:
        super().__init__(name=name)
        self.secrets = dict(secrets or {})
        self.configs = dict(configs or {})

    @property
    def type(self) -> str:
        return "Custom"

    def __getattribute__(self, key: str) -> Any:
        # A class-level default must not hide the value that the connection brings, so the stores are asked first.
        if not key.startswith("_") and key not in ("secrets", "configs"):
            stores = object.__getattribute__(self, "__dict__")
            if key in _annotated(type(self)):
                for store in ("secrets", "configs"):
                    if key in stores.get(store, ()):
                        return stores[store][key]
        return object.__getattribute__(self, key)

    def __setattr__(self, key: str, value: Any) -> None:
        annotation = _annotated(type(self)).get(key)
        if annotation is None:
            object.__setattr__(self, key, value)
            return
        is_secret = "Secret" in (annotation if isinstance(annotation, str) else getattr(annotation, "__name__", ""))
        (self.secrets if is_secret else self.configs)[key] = value


def _annotated(cls: type) -> dict[str, Any]:
    """Annotations of a flow's own connection class and its bases, up to ours."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__[: cls.__mro__.index(CustomStrongTypeConnection)]):
        found.update(vars(base).get("__annotations__", {}))
    return found


def _environ() -> Mapping[str, str]:
    import os

    return os.environ


def _from_environment(cls: type[Connection], **variables: str) -> dict[str, str]:
    environ = _environ()
    unset = [variable for variable in variables.values() if not environ.get(variable)]
    if unset:
        raise ConnectionFault(
            f"{cls.__name__} is to be read from the environment, where {' and '.join(unset)} {'is' if len(unset) == 1 else 'are'} not set.",
            hint=f"Set it: export {unset[0]}=...",
        )
    return {key: environ[variable] for key, variable in variables.items()}
