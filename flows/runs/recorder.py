"""Turns the events of one run into its record. Values are written as they are at that moment, secrets masked."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.codec import clean_text, to_text
from flowloom.flows.engine.events import (
    Event,
    Exchange,
    Log,
    Metric,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.engine.fingerprint import NoFingerprint, fingerprint
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.runs.writer import Statement, Writer

if TYPE_CHECKING:
    from flowloom.flows.runs.what_ran import WhatRan

INLINE: Final = 4 * 1024
"""Longer values are kept once, by their hash."""
_SEND_AFTER: Final = 200

_RUN: Final = """INSERT OR REPLACE INTO runs
    (id, "group", row, variant, repeat, flow, status, started, inputs, inputs_blob, about, what_ran, writer)
    VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?)"""
_RUN_END: Final = """UPDATE runs SET status = ?, seconds = ?, outputs = ?, outputs_blob = ?, error = ?, usage = ?, tokens = ?, price = ?
    WHERE id = ?"""
_NODE: Final = "INSERT OR REPLACE INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_NOTE: Final = "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)"
_BLOB: Final = "INSERT OR IGNORE INTO blobs VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run belongs: its group, and which one of the group it is."""

    group: str | None = None
    row: int | None = None
    variant: str | None = None
    repeat: int | None = None


class Recorder:
    """A reader of events: call it with each one, in order. What has ended is written; nothing is ever written as running but the run."""

    def __init__(
        self,
        writer: Writer,
        file: Path,
        inputs: Mapping[str, Any],
        place: Place = Place(),
        redact: Callable[[str], str] | None = None,
        ran: WhatRan | None = None,
        whys: Mapping[str, str] = EMPTY,
    ) -> None:
        self._writer = writer
        self._file = file
        self._inputs = inputs
        self._place = place
        self._redact = redact
        self._ran = ran
        self._whys = whys
        self._usage = Usage()
        self._run = ""
        self._started: dict[str, tuple[float, int]] = {}
        self._statements: list[Statement] = []
        self._notes = 0

    def __call__(self, event: Event) -> None:
        kind = event.__class__
        if kind is NodeStarted:
            self._started[event.node] = (event.at, event.attempt)  # type: ignore[union-attr]
        elif kind is NodeFinished:
            self._finished(event)  # type: ignore[arg-type]
        else:
            self._other(event)

    def _finished(self, event: NodeFinished) -> None:
        started, attempt = self._started.pop(event.node, (None, 1))
        text, blob = self._large(self._text(event.output))
        try:
            mark = fingerprint(event.output)
        except NoFingerprint:
            mark = None
        usage = None
        if event.usage is not None:
            usage = json.dumps(event.usage.as_json())
            if "/" not in event.node:  # what a node calls is in its own sum
                self._usage += event.usage
        row = (
            self._run, event.node, "completed", attempt, started, event.seconds, text, blob, mark, usage, event.outcome, event.cached,
            None, self._whys.get(event.node),
        )  # fmt: skip
        self._add(_NODE, row)

    def _other(self, event: Event) -> None:
        if isinstance(event, NodeFailed):
            if not event.will_retry:
                self._ended(event.node, "failed", event.seconds, error=self._text(event.error.as_json()))
        elif isinstance(event, NodeSkipped):
            self._ended(event.node, "bypassed", 0.0, why=event.why)
        elif isinstance(event, NodeCancelled):
            self._ended(event.node, "cancelled", event.seconds)
        elif isinstance(event, Log):
            self._note(event.node, "log", event.stream, event.text, event.level)
        elif isinstance(event, Metric):
            self._note(event.node, "metric", event.key, self._text(event.value), event.variant_id)
        elif isinstance(event, Exchange):
            call = {"request": event.request, "reply": event.reply, "seconds": event.seconds, "error": event.error}
            self._note(event.node, "exchange", self._kept_once(self._text(call)), "", None)
        elif isinstance(event, RunStarted):
            self._run = event.run_id
            place = self._place
            inputs, blob = self._large(self._text(dict(self._inputs)))
            ran = self._kept_once(self._redacted(self._ran.text)) if self._ran is not None else None
            row = (
                event.run_id, place.group, place.row, place.variant, place.repeat, event.flow, event.at, inputs, blob,
                self._redacted(in_a_line(self._all_inputs())), ran, os.getpid(),
            )  # fmt: skip
            self._add(_RUN, row)
            self._send()
        elif isinstance(event, RunFinished):
            error = self._text(event.error.as_json()) if event.error is not None else None
            outputs, blob = self._large(self._text(dict(event.outputs)))
            used = self._usage
            usage = (json.dumps(used.as_json()), used.total_tokens, used.price) if used.calls else (None, None, None)
            self._add(_RUN_END, (event.status, event.seconds, outputs, blob, error, *usage, event.run_id))
            self._send()

    def _all_inputs(self) -> Mapping[str, Any]:
        """The inputs, and the defaults of those that were not given."""
        return {**self._ran.data["inputs"], **self._inputs} if self._ran is not None else self._inputs

    def _ended(self, node: str, status: str, seconds: float, *, error: str | None = None, why: str | None = None) -> None:
        started, attempt = self._started.pop(node, (None, 1))
        row = (self._run, node, status, attempt, started, seconds, None, None, None, None, None, False, error, why)
        self._add(_NODE, row)

    def _note(self, node: str | None, kind: str, name: str, value: str, detail: str | None) -> None:
        self._notes += 1
        self._add(_NOTE, (self._run, self._notes, node, kind, name, value, detail))

    def _text(self, value: Any) -> str:
        return self._redacted(to_text(value))

    def _redacted(self, text: str) -> str:
        return self._redact(text) if self._redact is not None else text

    def _large(self, text: str) -> tuple[str | None, str | None]:
        """A text as it stands in its row, or else the hash of where it is kept."""
        return (None, self._kept_once(text)) if len(text) > INLINE else (text, None)

    def _kept_once(self, text: str) -> str:
        blob = hashlib.sha256(text.encode()).hexdigest()
        self._statements.append((_BLOB, (blob, text)))
        return blob

    def _add(self, statement: str, values: tuple[Any, ...]) -> None:
        self._statements.append((statement, values))
        if len(self._statements) >= _SEND_AFTER:
            self._send()

    def _send(self) -> None:
        statements, self._statements = self._statements, []
        self._writer.write(self._file, statements)


def in_a_line(inputs: Mapping[str, Any], most: int = 200) -> str:
    """The inputs of a run as one line, to tell it from others: ``What is a flow?``, or ``question: What is a flow? · tone: friendly``."""
    parts: list[str] = []
    for name, value in inputs.items():
        text = " ".join((value[: 2 * most] if isinstance(value, str) else to_text(value)[: 2 * most]).split())
        parts.append(clean_text(text) if len(inputs) == 1 else f"{clean_text(str(name))}: {clean_text(text)}")
        if sum(map(len, parts)) > most:
            break
    line = " · ".join(parts)
    return line if len(line) <= most else line[: most - 1] + "…"
