"""What the connections dialog does beside the window: look up, keep, try out and delete. Everything here blocks, and is for threads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flowloom.flows.connections.entry import Entry
from flowloom.flows.errors import ConnectionFault, UsageError

LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Known:
    """A connection without its secrets. ``values`` are its settings; ``secrets`` the names of secrets that have a value."""

    entry: Entry
    values: Mapping[str, Any]
    secrets: tuple[str, ...] = ()

    @property
    def editable(self) -> bool:
        return self.entry.where == "keyring"


@dataclass(frozen=True, slots=True)
class Everything:
    """All connections, and whether a keyring is there to keep more."""

    known: tuple[Known, ...]
    keyring: bool


def everything() -> Everything:
    """Look all connections up, secrets left behind."""
    from flowloom.flows.connections import keyring_store
    from flowloom.flows.connections.store import Connections

    store = Connections()
    found: list[Known] = []
    for entry in store.entries():
        if entry.problem:
            found.append(Known(entry, {}))
            continue
        connection = store.get(entry.name)
        values = {key: value for key, value in connection.configs.items() if value is not None}
        found.append(Known(entry, values, tuple(key for key, value in connection.secrets.items() if value)))
    return Everything(tuple(found), keyring_store.available())


def checked_name(name: str) -> str:
    """The name without space around it. Raises UsageError for one that no connection can have."""
    name = name.strip()
    if not name or name.startswith("@"):
        raise UsageError("A connection needs a name.", hint="Use letters, digits, - and _.")
    if name == LOCAL:
        raise UsageError("The connection 'local' is built in: it needs no keys.", hint="Choose another name.")
    return name


def full_values(name: str, values: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    """The values with the secrets ``kept`` as they are stored: those whose field was left empty."""
    from flowloom.flows.connections import keyring_store

    full = {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items()}
    stored = keyring_store.read(name) or {} if kept else {}
    place, source = full, stored
    if full.get("type") == "custom":
        place, source = full.setdefault("secrets", {}), stored.get("secrets") or {}
    for key in kept:
        if key in source:
            place[key] = source[key]
    return full


def keep(name: str, values: Mapping[str, Any], kept: tuple[str, ...], before: str = "") -> None:
    """Store a connection in the keyring; ``before`` is the name it had. Raises ConnectionFault, UsageError."""
    from flowloom.flows.connections import keyring_store

    name = checked_name(name)
    full = full_values(before or name, values, kept)
    _made(name, full)
    keyring_store.write(name, full)
    if before and before != name:
        keyring_store.delete(before)


def forget(name: str) -> None:
    """Delete a connection from the keyring."""
    from flowloom.flows.connections import keyring_store

    keyring_store.delete(name)


def try_out(name: str, values: Mapping[str, Any] | None, kept: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...], str]:
    """Ask the service: its host, the names it lists, and what they are (``models``). ``values`` None means as it is stored.

    Raises ConnectionFault in words.
    """
    from flowloom.flows.connections.probe import probe
    from flowloom.flows.connections.store import Connections

    connection = Connections().get(name) if values is None else _made(name or "connection", full_values(name, values, kept))
    answer = probe(connection)
    return answer.host, answer.names, answer.what


def _made(name: str, values: Mapping[str, Any]) -> Any:
    from flowloom.flows.connections import registry

    return registry.make(name, values, where="the form", environ=os.environ)


def kinds() -> tuple[tuple[str, str], ...]:
    """Names and titles of the kinds that a person can add."""
    from flowloom.flows.connections import registry

    found: list[tuple[str, str]] = []
    for name in registry.kind_names():
        try:
            title = registry.kind_class(name).title or name
        except ConnectionFault:
            continue  # a package that offers something that is no connection
        if name != LOCAL:
            found.append((name, title))
    return tuple(found)
