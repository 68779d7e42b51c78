"""The base of all kinds of connection, and how a kind declares its keys once, as class attributes::

class QdrantConnection(Connection):
    kind = "qdrant"
    api_key = Secret(required=True)
    api_base = Setting(required=True, url=True)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit


class Setting:
    """One key of a kind, as a descriptor over ``configs`` (or ``secrets``). ``url`` marks the key that names the
    service's host.
    """

    secret: ClassVar[bool] = False

    def __init__(self, default: Any = None, *, required: bool = False, url: bool = False, help: str = "") -> None:
        self.default = default
        self.required = required
        self.url = url
        self.help = help
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, connection: Connection | None, owner: type | None = None) -> Any:
        if connection is None:
            return self
        return (connection.secrets if self.secret else connection.configs).get(self.name)

    def __set__(self, connection: Connection, value: Any) -> None:
        (connection.secrets if self.secret else connection.configs)[self.name] = value


class Secret(Setting):
    """A key that must never be shown."""

    secret: ClassVar[bool] = True


class Connection:
    """The base of all kinds. ``configs`` and ``secrets`` hold the values; ``name`` is what a flow calls the
    connection.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    default_host: ClassVar[str | None] = None
    """Where the service is when no key says so."""

    def __init__(self, *values: Any, name: str | None = None, **given: Any) -> None:
        """``values`` follow the order of the declared keys. Unknown keywords are ignored, as older flows pass some."""
        declared = self.settings()
        given = {**dict(zip(declared, values, strict=False)), **given}
        self.name = name
        self.configs: dict[str, Any] = {}
        self.secrets: dict[str, Any] = {}
        for key, setting in declared.items():
            value = given.get(key)
            store = self.secrets if setting.secret else self.configs
            store[key] = setting.default if value is None else value

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """The declared keys by name, in order of declaration, a base's first."""
        found: dict[str, Setting] = {}
        for base in reversed(cls.__mro__):
            found.update({key: value for key, value in vars(base).items() if isinstance(value, Setting)})
        return found

    @property
    def type(self) -> str:
        """prompt flow's word for the kind: ``AzureOpenAI``."""
        return type(self).__name__.removesuffix("Connection")

    @property
    def class_name(self) -> str:
        return f"{self.type}Connection"

    @property
    def host(self) -> str | None:
        """The host that receives what is sent over this connection; None where nothing leaves this computer or it is
        not known.
        """
        for key, setting in self.settings().items():
            if setting.url and self.configs.get(key):
                return urlsplit(str(self.configs[key])).hostname
        return self.default_host

    def secret_values(self) -> tuple[str, ...]:
        """Every value that must not be shown: the secrets, and passwords written into a URL."""
        values = [str(value) for value in self.secrets.values() if value]
        for value in self.configs.values():
            if isinstance(value, str) and "://" in value and "@" in value:
                try:
                    password = urlsplit(value).password
                except ValueError:
                    continue
                if password:
                    values += [password, unquote(password)]
        return tuple(dict.fromkeys(values))

    def missing(self) -> tuple[str, ...]:
        """Names of required keys that have no value."""
        return tuple(key for key, setting in self.settings().items() if setting.required and not self.get(key))

    def keys(self) -> list[str]:
        return [*self.configs, *self.secrets]

    def get(self, key: str, default: Any = None) -> Any:
        if key in self.secrets:
            return self.secrets[key]
        return self.configs.get(key, default)

    def __getitem__(self, key: str) -> Any:
        if key in self.secrets:
            return self.secrets[key]
        if key in self.configs:
            return self.configs[key]
        raise KeyError(f"The connection {self.name!r} has no key {key!r}; it has: {', '.join(self.keys())}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __contains__(self, key: object) -> bool:
        return key in self.secrets or key in self.configs

    def __repr__(self) -> str:
        shown = [f"{key}={value!r}" for key, value in self.configs.items() if value is not None]
        shown += [f"{key}=***" for key, value in self.secrets.items() if value]
        for secret in self.secret_values():
            shown = [text.replace(secret, "***") for text in shown]
        return f"<{type(self).__name__} {self.name or ''}{': ' if shown else ''}{', '.join(shown)}>"
