from __future__ import annotations

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.cli.plain import PlainLines
from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine import events
from flowloom.flows.errors import ToolError


def test_a_line_a_node(capsys: pytest.CaptureFixture[str]) -> None:
    sink.use(Redactor("sk-1234567890"))
    lines = PlainLines()
    for event in (
        events.RunStarted("r", "f", ("ask", "answer", "skip", "bad"), 0.0),
        events.NodeStarted("ask", 0.0),
        events.NodeFinished("ask", "out", 0.25, cached=True),
        events.NodeFinished("answer", "out", 1.5, events.Usage(10, 5, 15, 1, 0.002, "m")),
        events.NodeSkipped("skip", "activate", "It runs only when x is y."),
        events.NodeFailed("bad", ToolError("key sk-1234567890\x1b[2J", node="bad"), 0.1),
        events.NodeCancelled("ask", 2.0),
        events.Log("ask", "noted", stream="log"),
        events.Log("ask", "printed", stream="stdout"),
    ):
        lines.show(event)
    assert capsys.readouterr().err.splitlines() == [
        "  ask     done  from cache",
        "  answer  done  1.5 s, 15 tokens, $0.0020",
        "  skip    skipped  It runs only when x is y.",
        "  bad     failed  In the node 'bad': key ***\\x1b[2J",
        "  ask     stopped  2.0 s",
        "  ask: noted",
    ]
