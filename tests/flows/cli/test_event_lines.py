from __future__ import annotations

import io
import json

from flowloom.flows.cli import sink
from flowloom.flows.cli.event_lines import EventLines
from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine import events
from flowloom.flows.errors import ToolError

KEY = "sk-1234567890"


def lines(*given: events.Event) -> list[dict]:
    stream = io.StringIO()
    writer = EventLines(stream)
    for event in given:
        writer.write(event)
    assert KEY not in stream.getvalue()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_object_a_line() -> None:
    written = lines(events.RunStarted("r", "f", ("a",), 1.0), events.NodeDelta("a", "two\nlines"))
    assert written == [
        {"type": "run_started", "run_id": "r", "flow": "f", "nodes": ["a"], "at": 1.0},
        {"type": "node_delta", "node": "a", "chunk": "two\nlines", "channel": "output"},
    ]


def test_secrets_are_masked_wherever_they_stand() -> None:
    sink.use(Redactor(KEY))
    written = lines(
        events.NodeFinished("a", {KEY: [KEY]}, 0.1),
        events.NodeFailed("a", ToolError(f"no {KEY}", hint=KEY), 0.1),
        events.Log("a", f"x {KEY}"),
        events.RunFinished("r", "completed", {"answer": KEY}, None, 1.0),
    )
    assert written[0]["output"] == {"***": ["***"]}
    assert written[1]["error"]["message"] == "no ***"
    assert written[3]["outputs"] == {"answer": "***"}


def test_a_secret_that_streams_in_pieces_is_masked() -> None:
    sink.use(Redactor(KEY))
    written = lines(
        events.NodeDelta("a", "the key is sk-12"),
        events.NodeDelta("b", "34567890"),
        events.NodeDelta("a", "34567890 and s"),
        events.NodeFinished("a", "done", 0.1),
    )
    texts = {
        node: "".join(line["chunk"] for line in written if line["type"] == "node_delta" and line["node"] == node)
        for node in "ab"
    }
    assert texts == {"a": "the key is *** and s", "b": "34567890"}
    assert written[-1]["type"] == "node_finished"
