"""What a worker and its supervisor say to each other: one JSON object a line, over the two pipes the worker was started with.

To the worker:
  {"start": {...}}                                  once, first: limits and places
  {"run": {...}}                                    a RunRequest; runs are done one after another
  {"cancel": RUN}                                   stop it, or do not begin it
  {"ask": NUMBER, "kind": "...", "body": {...}}     a question, answered when no run is under way; ``preview`` and ``ping`` at once
From the worker:
  {"hello": {...}}                                  it is ready; its Confinement
  {"accepted": RUN}
  {"r": RUN, "e": {...}}                            an event of a run
  {"ended": RUN, "poisoned": "..."}                 after the last event; why it should not run anything else, or ""
  {"stale": RUN, "why": "..."}                      nothing was done: code changed, so a fresh worker should run it
  {"reply": NUMBER, "result": ...}  {"reply": NUMBER, "error": {...}}
Of a service that lives with the supervisor:
  {"relay": NUMBER, "service": "...", "arguments": {...}}  {"relay": NUMBER, "cancel": true}    from the worker
  {"relay": NUMBER, "item": ...}  {"relay": NUMBER, "end": true}  {"relay": NUMBER, "error": {...}}    to it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from flowloom.flows.model.flow import EMPTY
from flowloom.flows.worker.values import receive_values, send_values

MOST_LINE: Final = 16 * 1024 * 1024
"""Bytes. A worker that sends a longer line has gone mad."""


class WorkerState(StrEnum):
    """``crashed``: it could not be started, or stopped several times in a row; the next run tries again."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    CRASHED = "crashed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may take. Sizes are in bytes. ``memory`` None means three quarters of this computer's, 0 no limit. What of it really
    holds is in its ``Confinement``."""

    output: int = 10 * 1024 * 1024
    """What one run may send: logs, streams and values together; further logs and streams are left out, further values are blobs."""
    value: int = 1024 * 1024
    preview: int = 64 * 1024
    memory: int | None = None
    processes: int = 2048
    """Threads count as well. Only a control group of its own bounds them, where the system grants one."""
    nice: int = 5
    cancel_seconds: float = 1.7
    """After this a run that was stopped and still goes on is killed, with everything it started. All is quiet within two seconds."""


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Confinement:
    """What really bounds a worker, found out by trying; to be shown. ``memory`` and ``processes`` are 0 where nothing bounds them."""

    memory: int = 0
    processes: int = 0
    nice: int = 0
    dies_with_parent: bool = False
    landlock: int = 0
    """The version of Landlock that this computer offers, 0 for none. It is not applied: a flow's code may read and write what you may."""

    @property
    def files(self) -> str:
        return "not confined"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run, or the flow a question is about.

    ``root`` is the flow's folder, ``file`` the flow file's name in it, ``overlay`` unsaved text by path. ``inputs`` and ``given`` (outputs
    of nodes that are there already) hold values as events gave them; what cannot be given again runs again. ``node`` runs up to that
    node, with ``only`` that node alone. ``connections`` are the keys of each connection by its name, ``environment`` variables.
    ``trust`` is the hash that must hold of what runs (``flowloom.flows.document.trust.run_hash``); empty where it is not checked.
    """

    root: str
    file: str = ""
    overlay: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    inputs: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    variants: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    node: str | None = None
    only: bool = False
    given: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    pins: bool = False
    reuse: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    connections: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: EMPTY)
    init: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    trust: str = ""
    run_id: str = ""

    @property
    def path(self) -> str:
        """What ``load_flow`` takes."""
        return str(Path(self.root) / self.file) if self.file else self.root

    def as_json(self) -> dict[str, Any]:
        found = {part.name: getattr(self, part.name) for part in fields(self)}
        for name in _MAPPINGS:
            found[name] = dict(found[name])
        found["connections"] = {name: dict(keys) for name, keys in self.connections.items()}
        found["inputs"], unfit = send_values(self.inputs)
        found["given"], lost = send_values(self.given)
        return {**found, "lost": lost, "unfit": unfit}


_MAPPINGS: Final = ("overlay", "variants", "environment", "init")
_NAMES: Final = frozenset(part.name for part in fields(RunRequest))


def read_request(data: Mapping[str, Any], spool: Path) -> tuple[RunRequest, tuple[str, ...]]:
    """A request from its JSON, and the nodes whose outputs could not come along. Raises DocumentError, NotKept."""
    known = {name: value for name, value in data.items() if name in _NAMES}
    for name in ("inputs", "given"):
        known[name] = receive_values(known.get(name) or {}, spool)
    return RunRequest(**known), tuple(data.get("lost", ()))
