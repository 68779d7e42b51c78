"""What a run needs beside the flow's texts, found in a thread since keyrings and disks may take their time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import ConnectionFault
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.runs.what_ran import WhatRan
from flowloom.flows.worker.protocol import RunRequest

if TYPE_CHECKING:
    from pathlib import Path

    from flowloom.flows.connections.connection import Connection
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.engine.events import Event
    from flowloom.flows.model.flow import Flow
    from flowloom.flows.runs.recorder import Place


@dataclass(frozen=True)
class Ready:
    """``connections`` are the values of those that exist; ``hosts`` where each sends to; ``redact`` masks their secrets."""

    connections: Mapping[str, Mapping[str, Any]]
    hosts: Mapping[str, str | None]
    redact: Callable[[Any], Any]
    ran: WhatRan
    request: RunRequest
    """The flow as the screen showed it, bound to what was trusted; inputs and choices are still to be filled in."""


def make_ready(
    file: FlowFile, flow: Flow, names: Iterable[str], overlay: Mapping[str, str], sign: Callable[[], str] | None = None
) -> Ready:
    """Look up the connections a flow names, and note what will run. ``sign`` gives the hash that must hold of it. Blocks.

    Raises what ``sign`` raises.
    """
    from flowloom.flows.connections.store import Connections

    store = Connections()
    found = {name: connection for name in names if (connection := _find(store, name)) is not None}
    ran = WhatRan(file, flow)
    ran.data  # noqa: B018 - worked out here, in the thread
    connections = {name: values_of(connection) for name, connection in found.items()}
    trust = sign() if sign is not None else ""
    variants = {str(name): str(node.variant) for name, node in flow.nodes.items() if node.variant is not None}
    return Ready(
        connections,
        {name: host_of(connection) for name, connection in found.items()},
        store.redactor.redact,
        ran,
        RunRequest(
            root=str(file.root), file=file.name, overlay=overlay, variants=variants, pins=True, connections=connections, trust=trust
        ),
    )


def hosts_of(names: Iterable[str]) -> dict[str, str | None]:
    """Where the connections of these names send to; None for one that sends nothing out; left out where it does not exist. Blocks."""
    from flowloom.flows.connections.store import Connections

    store = Connections()
    return {name: host_of(connection) for name in names if (connection := _find(store, name)) is not None}


def host_of(connection: Connection) -> str | None:
    return None if connection.kind == "local" else connection.host or connection.name


def values_of(connection: Connection) -> dict[str, Any]:
    """A connection as a connections file holds it, secrets in the clear: for the worker's pipe and nothing else."""
    if connection.kind == "custom":
        return {"type": "custom", "configs": dict(connection.configs), "secrets": dict(connection.secrets)}
    values = {**connection.configs, **connection.secrets}
    return {"type": connection.kind, **{key: value for key, value in values.items() if value is not None}}


def _find(store: Any, name: str) -> Connection | None:
    try:
        return store.get(name)
    except ConnectionFault:
        return None  # the run itself says what is missing, and where


_records: ThreadPoolExecutor | None = None


class Recording:
    """Keeps the record of one run, in a thread of its own: turning big values into text must not hold up the window."""

    def __init__(
        self, root: Path, inputs: Mapping[str, Any], ready: Ready, place: Place | None = None, whys: Mapping[str, str] = EMPTY
    ) -> None:
        global _records
        from flowloom.flows.runs.store import RunStore

        if _records is None:
            _records = ThreadPoolExecutor(1, thread_name_prefix="run-events")
        self._store = RunStore(root)
        self._recorder = self._store.recorder(inputs, place, ready.redact, ran=ready.ran, whys=whys)
        self._pool = _records

    def feed(self, events: Iterable[Event]) -> None:
        self._pool.submit(self._write, tuple(events))

    def flush(self) -> None:
        """Wait until everything fed so far can be read."""
        self._pool.submit(lambda: None).result()
        self._store.flush()

    def _write(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._recorder(event)
