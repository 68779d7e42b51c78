"""Finds connections by name: in files given for the run, in the environment, in the keyring, and the built-in
``local``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.errors import ConnectionFault

# The kinds are imported when a connection is asked for: most runs of small flows ask for none.
if TYPE_CHECKING:
    from flowloom.flows.connections.connection import Connection
    from flowloom.flows.connections.entry import Entry

LOCAL: Final = "local"
_MOST_BYTES: Final = 1 << 20


class Connections:
    """The connections that one run may use.

    ``file`` is a connections file (names to keys), one connection a file as prompt flow writes them, or several of
    either; ``values`` are the keys of further connections by name. Every connection that is handed out gives its
    secrets to ``redactor``, which everything that writes passes through."""

    def __init__(
        self,
        file: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
        environ: Mapping[str, str] | None = None,
        values: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self.redactor = Redactor()
        self._given: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._made: dict[str, Connection] = {}
        self.files: tuple[Path, ...] = tuple(Path(one) for one in _as_list(file))
        for path in self.files:
            for name, written in read_file(path).items():
                self._given[name] = (path.name, written)
                self._remember(written)
        for name, keys in (values or {}).items():
            self._given[name] = ("the request", keys)
            self._remember(keys)

    def get(self, name: str) -> Connection:
        """The connection of that name. Raises ConnectionFault, whose hint is the command that adds it."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._find(name)
            self.redactor.add(*made.secret_values())
        return made

    def get_as(self, name: str, wanted: type | None) -> Any:
        """The connection as an instance of ``wanted``, the class a tool asks for; see ``registry.as_class``."""
        from flowloom.flows.connections.registry import as_class

        return as_class(self.get(name), wanted)

    def adopt(self, connection: Any) -> None:
        """Keep the secrets of a connection that was made elsewhere (from environment variables, say) out of everything
        written.
        """
        secret_values: Any = getattr(connection, "secret_values", None)
        if secret_values is not None:
            self.redactor.add(*secret_values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (
            name == LOCAL or name in self._given or bool(self._typed_by_environment(name)) or name in _stored()
        )

    def names(self) -> list[str]:
        """All names that exist, in the order of lookup, without repeats. Asks the keyring."""
        return list(dict.fromkeys([*self._given, *self._environment_names(), *_stored(), LOCAL]))

    def entries(self) -> list[Entry]:
        """What ``flowloom connection list`` shows. Never holds a secret."""
        return [self._entry(name) for name in self.names()]

    def where(self, name: str) -> str:
        """The place a connection comes from."""
        if name in self._given:
            return self._given[name][0]
        if self._typed_by_environment(name):
            return "environment"
        return "built in" if name == LOCAL else "keyring"

    def _entry(self, name: str) -> Entry:
        from flowloom.flows.connections.entry import Entry

        try:
            connection = self.get(name)
        except ConnectionFault as fault:
            return Entry(name, "", self.where(name), problem=fault.message)
        return Entry(name, connection.kind, self.where(name), connection.host)

    def _find(self, name: str) -> Connection:
        from flowloom.flows.connections import registry

        if name in self._given:
            where, values = self._given[name]
            return registry.make(name, values, where=where, environ=self._environ)
        kind = self._typed_by_environment(name)
        if kind:
            return registry.make(name, {"type": kind}, where="the environment", environ=self._environ)
        if name == LOCAL:
            return registry.make(name, {"type": LOCAL}, where="Flowloom", environ=self._environ)
        from flowloom.flows.connections import keyring_store

        stored = keyring_store.read(name)
        if stored is not None:
            return registry.make(name, stored, where="the keyring", environ=self._environ)
        raise self._unknown(name)

    def _unknown(self, name: str) -> ConnectionFault:
        places = [path.name for path in self.files] + ["the environment", "the keyring"]
        if not name:
            return ConnectionFault(
                "No connection is named here.", hint=f"Name one of: {', '.join(self.names())}.", field="connection"
            )
        return ConnectionFault(
            f"There is no connection named {name!r}; there {'are' if len(self.names()) > 1 else 'is'} {', '.join(self.names())}. "
            f"It was looked for in {', '.join(places[:-1])} and {places[-1]}.",
            hint=f"Add it: flowloom connection add {_shell_word(name)} --type {_likely_kind(name)}",
            field="connection",
        )

    def _typed_by_environment(self, name: str) -> str:
        """``NAME_TYPE=open_ai`` in the environment defines a connection there, its keys being ``NAME_API_KEY`` and so
        on.
        """
        from flowloom.flows.connections.registry import override_name

        kind = self._environ.get(override_name(name, "type"), "") if name else ""
        return kind if kind and _is_kind(kind) else ""

    def _environment_names(self) -> list[str]:
        ending = "_CONNECTION_TYPE"
        return sorted(
            variable.removesuffix("_TYPE").lower()
            for variable, value in self._environ.items()
            if variable.endswith(ending)
            and _is_kind(value)
            and variable.removesuffix("_TYPE").lower() not in self._given
        )

    def _remember(self, values: Mapping[str, Any]) -> None:
        """Secrets of the file are masked from the first moment, also those of connections that nobody asks for."""
        from flowloom.flows.connections.registry import looks_secret

        for key, value in values.items():
            if isinstance(value, Mapping):
                self._remember(
                    value if key != "secrets" else {f"{inner}_secret": text for inner, text in value.items()}
                )
            elif isinstance(value, str) and looks_secret(str(key)) and not value.lstrip().startswith("${"):
                self.redactor.add(value)


def read_file(path: Path) -> dict[str, Mapping[str, Any]]:
    """Connections of a file by name. Raises ConnectionFault or YamlError."""
    from flowloom.flows.document.yaml_text import load_values

    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ConnectionFault(
            f"The connections file {path} cannot be read: {error.strerror or error}.",
            hint="Check the path given with --connections.",
            file=path.name,
        ) from error
    if len(raw) > _MOST_BYTES:
        raise ConnectionFault(
            f"The connections file {path} is larger than 1 MB, which no connections file is.", file=path.name
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConnectionFault(f"The connections file {path} is not text in UTF-8.", file=path.name) from error
    data = load_values(text, path.name)
    if data is None:
        return {}
    if isinstance(data, Mapping) and isinstance(data.get("type"), str):
        return {str(data.get("name") or path.stem): data}
    if not isinstance(data, Mapping) or not all(isinstance(values, Mapping) for values in data.values()):
        raise ConnectionFault(
            f"The connections file {path} must map names to their keys.",
            hint='Write it as: my_connection: {type: open_ai, api_key: "${env:OPENAI_API_KEY}"}',
            file=path.name,
        )
    return {str(name): values for name, values in data.items()}


def _as_list(file: Any) -> list[Any]:
    if file is None:
        return []
    return [file] if isinstance(file, str | os.PathLike) else list(file)


def _stored() -> list[str]:
    from flowloom.flows.connections import keyring_store

    try:
        return keyring_store.names()
    except ConnectionFault:
        return []  # a locked keyring must not hide what is found elsewhere; asking it for a connection by name says what is wrong


def _is_kind(written: str) -> bool:
    from flowloom.flows.connections.registry import kind_class

    try:
        kind_class(written)
    except ConnectionFault:
        return False
    return True


def _likely_kind(name: str) -> str:
    plain = name.lower().replace("_", "").replace("-", "")
    for part, kind in (
        ("azureopenai", "azure_open_ai"),
        ("aoai", "azure_open_ai"),
        ("openai", "open_ai"),
        ("serp", "serp"),
        ("search", "cognitive_search"),
    ):
        if part in plain:
            return kind
    return "open_ai" if "llm" in plain or "gpt" in plain else "custom"


def _shell_word(text: str) -> str:
    from shlex import quote

    return quote(text)
