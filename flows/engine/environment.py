"""Environment variables of a flow: set while it loads and runs, and put back afterwards.

The environment belongs to the whole process. Runs that overlap and name the same variable see the newest run's value; when each ends, the
variable falls back to the next older one and at last to what it was before. Who needs runs kept apart gives each a process.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import ConnectionFault

if TYPE_CHECKING:
    from flowloom.flows.connections.store import Connections

_CONNECTION_KEY = re.compile(r"\s*\$\{([^.{}]+)\.([^.{}]+)\}\s*")

_lock = threading.RLock()
_layers: list[Environment] = []
_before: dict[str, str | None] = {}


class Environment:
    """The variables of one flow. ``with environment:`` sets them, as often and as nested as needed.

    ``written`` is the flow file's ``environment_variables``: lists and mappings become JSON, anything else its text. ``given`` (what the
    caller says) wins. ``${connection.key}`` is looked up when the variables are first set, and left as text where there is no such
    connection or key.
    """

    def __init__(self, written: Mapping[str, Any], given: Mapping[str, str], connections: Connections) -> None:
        self._written = {str(name): _text(value) for name, value in written.items()} | dict(given)
        self._connections = connections
        self._resolved: dict[str, str] | None = None
        self._depth = 0

    def __enter__(self) -> Environment:
        if not self._written:
            return self
        with _lock:
            self._depth += 1
            if self._depth == 1:
                _layers.append(self)
                for name, value in self.values.items():
                    _before.setdefault(name, os.environ.get(name))
                    os.environ[name] = value
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._written:
            return
        with _lock:
            self._depth -= 1
            if self._depth:
                return
            _layers.remove(self)
            for name in self.values:
                older = next((layer.values[name] for layer in reversed(_layers) if name in layer.values), None)
                if older is not None:
                    os.environ[name] = older
                    continue
                before = _before.pop(name, None)
                if before is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = before

    @property
    def values(self) -> Mapping[str, str]:
        if self._resolved is None:
            self._resolved = {name: self._resolve(value) for name, value in self._written.items()}
        return self._resolved

    def _resolve(self, value: str) -> str:
        match = _CONNECTION_KEY.fullmatch(value)
        if match is None:
            return value
        try:
            connection = self._connections.get(match[1])
        except ConnectionFault:
            return value
        found = connection.get(match[2])
        return value if found is None else str(found)


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list | dict) else str(value)
