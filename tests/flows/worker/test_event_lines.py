"""Every event crosses and comes back equal; secrets do not, nor more than a run may send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine.events import (
    Event,
    Exchange,
    Log,
    Metric,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import FlowloomError, RateLimited, ToolError
from flowloom.flows.worker.event_lines import EventWriter, delta_text, error_as_json, error_from_json, read_event
from flowloom.flows.worker.values import Blob, ValueWriter

EVENTS: list[Event] = [
    RunStarted("r", "flow", ("a", "b"), 12.5),
    NodeStarted("a", 13.0, 2),
    NodeFinished("a", {"x": [1, (2, b"3")]}, 0.5, Usage(1, 2, 3, 1, 0.01, "m"), True, "length"),
    NodeFinished("b", None, 0.5),
    NodeSkipped("c", "activate", "it runs only when x."),
    NodeCancelled("d", 1.0),
    Log(None, "words ü", "warning", "stderr"),
    Metric("a", "rows", 3.0, "v"),
    Exchange("a", {"messages": [{"role": "user", "content": "Hi"}]}, {"content": "Ho"}, 0.2),
    Exchange("a", {"messages": []}, None, 0.2, "it failed"),
    RunFinished("r", "completed", {"out": "x", "pair": (1, 2)}, None, 2.0),
]


class Out:
    """What a writer writes, as the other side reads it."""

    def __init__(self, spool: Path, *secrets: str, room: int = 10 << 20) -> None:
        self.lines: list[str] = []
        redactor = Redactor(*secrets)
        self.spool = spool
        self.write = EventWriter(
            ValueWriter(spool, redact=redactor.redact), redactor, self.lines.append, lambda *piece: self.lines.append(delta_text(*piece)), room
        )

    @property
    def events(self) -> list[Event]:
        return [read_event(json.loads(line), self.spool) for line in self.lines]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_events_come_back_equal(event: Event, tmp_path: Path) -> None:
    out = Out(tmp_path)
    out.write(event)
    assert out.events == [event]


def test_errors_come_back_in_their_class_with_their_place(tmp_path: Path) -> None:
    error = ToolError("boom", hint="mend", node="a", file="a.py", line=3, detail="Traceback")
    out = Out(tmp_path)
    out.write(NodeFailed("a", error, 0.1, True))
    out.write(RunFinished("r", "failed", {}, RateLimited("slow", status=429, attempts=3), 1.0))
    failed, ended = out.events
    assert isinstance(failed, NodeFailed)
    assert (type(failed.error), failed.error.where, failed.error.detail, failed.will_retry) == (ToolError, "a.py:3", "Traceback", True)
    assert isinstance(ended, RunFinished)
    assert isinstance(ended.error, RateLimited)
    assert (ended.error.status, ended.error.attempts) == (429, 3)
    assert type(error_from_json({**error_as_json(error), "kind": "of a newer version"})) is FlowloomError


def test_secrets_are_masked_wherever_they_are_said(tmp_path: Path) -> None:
    out = Out(tmp_path, "s3cret-value-1")
    for event in (
        NodeDelta("a", "the key is s3cr"),
        NodeDelta("a", "et-value-1 indeed, s3cr"),
        NodeFinished("a", {"key": "s3cret-value-1"}, 0.1),
        Log("a", "s3cret-value-1"),
        NodeFailed("b", ToolError("bad s3cret-value-1", detail="s3cret-value-1"), 0.1),
        NodeSkipped("c", "activate", "s3cret-value-1"),
        Exchange("a", {"headers": "s3cret-value-1"}, {"text": "s3cret-value-1"}, 0.1, "s3cret-value-1"),
        RunFinished("r", "completed", {"out": "s3cret-value-1"}, None, 1.0),
    ):
        out.write(event)
    assert "s3cret-value" not in "".join(out.lines)
    text = "".join(event.chunk for event in out.events if isinstance(event, NodeDelta))
    assert text == "the key is *** indeed, s3cr"


def test_a_run_sends_no_more_than_it_may(tmp_path: Path) -> None:
    out = Out(tmp_path, room=50_000)
    for number in range(1000):
        out.write(Log("a", f"line {number} {'x' * 200}"))
        out.write(NodeDelta("a", "y" * 100))
    out.write(NodeFinished("a", "z" * 20_000, 1.0))
    out.write(RunFinished("r", "completed", {"out": "z" * 20_000}, None, 1.0))
    assert sum(map(len, out.lines)) < 80_000
    notices = [event for event in out.events if isinstance(event, Log) and event.node is None]
    assert [notice.level for notice in notices] == ["warning"]
    ended = out.events[-1]
    assert isinstance(ended, RunFinished)
    blob: Any = ended.outputs["out"]
    assert isinstance(blob, Blob)
    assert blob.read() == "z" * 20_000


def test_what_is_no_event_is_refused(tmp_path: Path) -> None:
    for odd in ({}, {"type": "nothing"}, {"type": "log"}, {"type": "run_finished", "run_id": "x"}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            read_event(odd, tmp_path)


def test_pieces_that_are_no_text_are_cut(tmp_path: Path) -> None:
    out = Out(tmp_path)
    out.write(NodeDelta("a", {"long": "x" * 200_000}))
    assert len(out.lines[0]) < 70_000


def test_many_big_outputs_make_no_endless_line(tmp_path: Path) -> None:
    out = Out(tmp_path, room=100 << 20)
    outputs = {f"o{number}": str(number) * 300_000 for number in range(40)}
    out.write(RunFinished("r", "completed", outputs, None, 1.0))
    assert len(out.lines[0]) < 3 << 20
    ended = out.events[0]
    assert isinstance(ended, RunFinished)
    found: Any = ended.outputs
    assert {name: value.read() if isinstance(value, Blob) else value for name, value in found.items()} == outputs
