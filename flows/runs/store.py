"""The run records of one flow folder. Opening it creates nothing; the first recorded run does."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.places import private_place
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.runs.reader import Reader, is_alive
from flowloom.flows.runs.recorder import Place, Recorder
from flowloom.flows.runs.writer import writer

if TYPE_CHECKING:
    from flowloom.flows.runs.what_ran import WhatRan

FILE: Final = "runs.db"

_RUNS: Final = 'SELECT id, "group", row, variant, repeat, flow, status, started, seconds, error, writer FROM runs'


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list of runs. ``status`` is ``running`` too, and ``crashed`` where the process that ran it is gone."""

    id: str
    group: str | None
    row: int | None
    variant: str | None
    repeat: int | None
    flow: str
    status: str
    started: float
    seconds: float | None
    error: Mapping[str, Any] | None


class RunStore:
    """Reads in the caller's thread; writing is the process's one writer's, through ``recorder``."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.file = private_place(root) / FILE

    def recorder(
        self,
        inputs: Mapping[str, Any],
        place: Place | None = None,
        redact: Callable[[str], str] | None = None,
        *,
        ran: WhatRan | None = None,
        whys: Mapping[str, str] = EMPTY,
    ) -> Recorder:
        """A reader of events that records one run. ``ran`` is the flow that runs, ``whys`` why each node runs or is reused."""
        return Recorder(writer, self.file, inputs, place or Place(), redact, ran, whys)

    def runs(self, *, group: str | None = None, limit: int = 100) -> list[RunRow]:
        """The newest runs first, of one group in the order of its rows."""
        where, values = ('WHERE "group" = ? ORDER BY row LIMIT ?', (group, limit)) if group else ("ORDER BY started DESC LIMIT ?", (limit,))
        return [_run_row(row) for row in self._read(f"{_RUNS} {where}", values)]

    def run(self, id: str) -> dict[str, Any] | None:
        """A run with its inputs, outputs, nodes, logs and metrics, as JSON values; None where there is none of that id."""
        found = self._read(f"{_RUNS} WHERE id = ?", (id,))
        if not found:
            return None
        row = _run_row(found[0])
        ((inputs, outputs),) = self._read(
            """SELECT coalesce(inputs, given.text), coalesce(outputs, made.text) FROM runs
               LEFT JOIN blobs given ON inputs_blob = given.hash LEFT JOIN blobs made ON outputs_blob = made.hash WHERE id = ?""",
            (id,),
        )
        nodes = self._read(
            """SELECT node, status, attempt, started, seconds, coalesce(output, text), fingerprint, usage, outcome, cached, error, why
               FROM nodes LEFT JOIN blobs ON blob = hash WHERE run = ? ORDER BY started""",
            (id,),
        )
        notes = self._read("SELECT node, kind, name, value, detail FROM notes WHERE run = ? ORDER BY position", (id,))
        return {
            "id": row.id,
            "group": row.group,
            "row": row.row,
            "variant": row.variant,
            "repeat": row.repeat,
            "flow": row.flow,
            "status": row.status,
            "started": row.started,
            "seconds": row.seconds,
            "error": row.error,
            "inputs": _value(inputs),
            "outputs": _value(outputs),
            "nodes": {node[0]: _node(node) for node in nodes},
            "logs": [
                {"node": node, "stream": name, "text": value, "level": detail} for node, kind, name, value, detail in notes if kind == "log"
            ],
            "metrics": [
                {"node": node, "key": name, "value": _value(value), "variant_id": detail}
                for node, kind, name, value, detail in notes
                if kind == "metric"
            ],
        }

    def flush(self) -> None:
        """Wait until everything recorded so far can be read."""
        writer.flush()

    def _read(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return Reader(self.file).rows(query, values)


def _run_row(row: tuple[Any, ...]) -> RunRow:
    *fields, error, process = row
    if fields[6] == "running" and not is_alive(process, fields[7]):
        fields[6] = "crashed"
    return RunRow(*fields, error=_value(error))


def _node(row: tuple[Any, ...]) -> dict[str, Any]:
    _, status, attempt, started, seconds, output, fingerprint, usage, outcome, cached, error, why = row
    return {
        "status": status,
        "attempt": attempt,
        "started": started,
        "seconds": seconds,
        "output": _value(output),
        "fingerprint": fingerprint,
        "usage": _value(usage),
        "outcome": outcome,
        "cached": bool(cached),
        "error": _value(error),
        "why": why,
    }


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


__all__ = ["FILE", "Place", "RunRow", "RunStore"]
