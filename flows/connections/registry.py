"""Which kinds of connection there are, by every name people write for them, and how values become a connection of a
kind.

Packages add kinds by entry point ``flowloom.connections``, whose name is the kind and whose object is a class derived
from ``flowloom.flows.connections.connection.Connection``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.connections import kinds
from flowloom.flows.connections.connection import Connection
from flowloom.flows.connections.kinds import CustomConnection, CustomStrongTypeConnection
from flowloom.flows.errors import ConnectionFault

if TYPE_CHECKING:
    from flowloom.flows.node.entry_points import EntryPoint

BUILT_IN: Final[tuple[type[Connection], ...]] = (
    kinds.OpenAIConnection,
    kinds.AzureOpenAIConnection,
    kinds.LocalConnection,
    kinds.ServerlessConnection,
    kinds.CustomConnection,
    kinds.CognitiveSearchConnection,
    kinds.AzureAIServicesConnection,
    kinds.AzureContentSafetyConnection,
    kinds.FormRecognizerConnection,
    kinds.QdrantConnection,
    kinds.WeaviateConnection,
    kinds.SerpConnection,
)

_ALIASES: Final = {
    "aoai": "azureopenai",
    "openaicompatible": "openai",
    "azureaisearch": "cognitivesearch",
    "aisearch": "cognitivesearch",
    "contentsafety": "azurecontentsafety",
    "aiservices": "azureaiservices",
    "serpapi": "serp",
}

# Keys that describe the entry rather than the service.
_ABOUT: Final = frozenset(
    {"$schema", "name", "type", "module", "class_name", "expiry_time", "created_date", "last_modified_date"}
)


def kind_class(written: str) -> type[Connection]:
    """The class of a kind as it is written in a file: ``open_ai``, ``OpenAI`` and ``OpenAIConnection`` are one.

    Raises ConnectionFault for a kind that neither Flowloom nor an installed package has.
    """
    wanted = _normal(written)
    wanted = _ALIASES.get(wanted, wanted)
    for cls in BUILT_IN:
        if _normal(cls.kind) == wanted:
            return cls
    for entry in _entry_points():
        if _normal(entry.name) == wanted:
            cls = entry.load()
            if not (isinstance(cls, type) and issubclass(cls, Connection)):
                raise ConnectionFault(
                    f"The package that offers the connection kind {entry.name!r} gives something that is no connection.",
                    hint="Update or remove that package.",
                )
            return cls
    raise ConnectionFault(f"There is no connection kind {written!r}.", hint=f"Use one of: {', '.join(kind_names())}.")


def kind_names() -> list[str]:
    """Names of all kinds, ours first."""
    names = [cls.kind for cls in BUILT_IN]
    return names + sorted(entry.name for entry in _entry_points() if entry.name not in names)


def make(name: str, values: Mapping[str, Any], *, where: str, environ: Mapping[str, str]) -> Connection:
    """The connection ``name`` from the keys that a file or the keyring holds.

    ``${env:VAR}`` is replaced from ``environ``; then ``{NAME}_{KEY}`` of the environment overrides a key. ``where``
    names the place for messages. Raises ConnectionFault where the kind is unknown, a variable is unset or a required
    key has no value."""
    written = values.get("type")
    if not isinstance(written, str) or not written.strip():
        raise ConnectionFault(
            f"The connection {name!r} in {where} does not say its type.",
            hint=f"Add 'type:' with one of: {', '.join(kind_names())}.",
            field="type",
        )
    cls = kind_class(written)
    given = _flat(values)
    if issubclass(cls, CustomConnection):
        connection = _custom(cls, name, values, given, where=where, environ=environ)
    else:
        resolved = {key: _resolve(value, name, key, where=where, environ=environ) for key, value in given.items()}
        for key in cls.settings():
            override = _override(name, key, environ)
            if override is not None:
                resolved[key] = override
        connection = cls(name=name, **{key: value for key, value in resolved.items() if key.isidentifier()})
    missing = connection.missing()
    if missing:
        key = missing[0]
        raise ConnectionFault(
            f"The connection {name!r} in {where} has no {' and no '.join(missing)}.",
            hint=f"Add {key!r} there, or set {override_name(name, key)} in the environment.",
            field=key,
        )
    return connection


def override_name(name: str, key: str) -> str:
    """The environment variable that overrides a key of a connection: ``OPEN_AI_CONNECTION_API_KEY``."""
    return re.sub(r"\W", "_", f"{name}_{key}").upper()


def looks_secret(key: str) -> bool:
    """Whether a key's name says that its value must not be shown."""
    return _SECRET_NAME.search(key) is not None


def as_class(connection: Connection, wanted: type | None) -> Any:
    """The connection as an instance of the class that a tool's parameter is annotated with.

    A custom connection becomes a class derived from CustomStrongTypeConnection; a class of the same name (prompt flow's
    own, where it is installed) is built from the same keys. Raises ConnectionFault where the kinds differ."""
    if wanted is None or isinstance(connection, wanted) or wanted is object:
        return connection
    names = {cls.__name__ for cls in wanted.__mro__}
    if isinstance(connection, CustomConnection) and CustomStrongTypeConnection.__name__ in names:
        built = wanted(secrets=dict(connection.secrets), configs=dict(connection.configs))
        built.name = connection.name
        return built
    if wanted.__name__ == type(connection).__name__:
        if isinstance(connection, CustomConnection):
            return wanted(secrets=dict(connection.secrets), configs=dict(connection.configs), name=connection.name)
        return wanted(
            name=connection.name, **{key: connection[key] for key in connection if connection[key] is not None}
        )
    expected = _kind_of(wanted)
    raise ConnectionFault(
        f"The connection {connection.name!r} is of kind {connection.kind}, and {expected} is needed here.",
        hint=f"Choose a connection of kind {expected}, or add one: flowloom connection add NAME --type {expected}",
    )


def _kind_of(cls: type) -> str:
    kind = getattr(cls, "kind", "")
    if isinstance(kind, str) and kind:
        return kind
    return next((known.kind for known in BUILT_IN if known.__name__ == cls.__name__), cls.__name__)


def _custom(
    cls: type[CustomConnection],
    name: str,
    values: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    where: str,
    environ: Mapping[str, str],
) -> CustomConnection:
    stores: dict[str, dict[str, Any]] = {"configs": {}, "secrets": {}}
    for store, held in stores.items():
        written = values.get(store) or {}
        if not isinstance(written, Mapping):
            raise ConnectionFault(
                f"{store!r} of the connection {name!r} in {where} must be a list of keys with values.", field=store
            )
        held.update(written)
    # Keys beside the two stores: secret where the file says so, else where their name does.
    said = values.get("secret_keys")
    for key, value in given.items():
        if key not in ("configs", "secrets", "secret_keys"):
            secret = key in said if isinstance(said, list) else looks_secret(key)
            stores["secrets" if secret else "configs"].setdefault(key, value)
    for held in stores.values():
        for key, value in held.items():
            override = _override(name, key, environ)
            held[key] = _resolve(value, name, key, where=where, environ=environ) if override is None else override
    return cls(name=name, **stores)


_SECRET_NAME: Final = re.compile(r"key|secret|token|password|credential", re.IGNORECASE)
_ENVIRONMENT: Final = re.compile(r"\s*\$\{env:([^}]+)\}\s*")


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an entry without what describes it; prompt flow's exported form keeps them under ``value``."""
    inner = values.get("value")
    found = dict(inner) if isinstance(inner, Mapping) else {}
    for key, value in values.items():
        if key not in _ABOUT and not (key == "value" and isinstance(inner, Mapping)):
            found[str(key)] = value
    return found


def _resolve(value: Any, name: str, key: str, *, where: str, environ: Mapping[str, str]) -> Any:
    match = _ENVIRONMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    override = _override(name, key, environ)
    if override is not None:
        return override
    variable = match[1].strip()
    if variable not in environ:
        raise ConnectionFault(
            f"The connection {name!r} in {where} reads {key!r} from the environment variable {variable}, which is not set.",
            hint=f"Set it: export {variable}=...",
            field=key,
        )
    return environ[variable]


def _override(name: str, key: str, environ: Mapping[str, str]) -> str | None:
    exact = f"{name}_{key}".replace(" ", "_").upper()
    return environ.get(exact, environ.get(override_name(name, key)))


def _normal(written: str) -> str:
    return re.sub(r"[^a-z0-9]", "", written.lower()).removesuffix("connection")


def _entry_points() -> list[EntryPoint]:
    from flowloom.flows.node.entry_points import entry_points, metadata_folders

    found = [entry for name, folder in metadata_folders().items() for entry in entry_points(folder, name)]
    return [entry for entry in found if entry.group == "flowloom.connections"]
