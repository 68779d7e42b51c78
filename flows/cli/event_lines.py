"""Writes a run's events as lines of JSON: the form of ``--events``."""

from __future__ import annotations

import json
from typing import TextIO

from flowloom.flows.cli import sink
from flowloom.flows.connections.redact import StreamRedactor
from flowloom.flows.engine.codec import event_json
from flowloom.flows.engine.events import Event, NodeDelta


class EventLines:
    """One line an event, secrets masked, also those that a stream carries in pieces."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._deltas: dict[tuple[str, str], StreamRedactor] = {}

    def write(self, event: Event) -> None:
        if isinstance(event, NodeDelta) and isinstance(event.chunk, str) and sink.redactor():
            self._delta(event)
            return
        node = getattr(event, "node", None)
        if node is not None and event.type in ("node_finished", "node_failed", "node_cancelled"):
            self._finish(node)
        self._line(event_json(event, sink.redact))

    def _delta(self, event: NodeDelta) -> None:
        masked = self._deltas.setdefault((event.node, event.channel), sink.redactor().stream())
        ready = masked.feed(event.chunk)
        if ready:
            self._line(event_json(NodeDelta(event.node, ready, event.channel)))

    def _finish(self, node: str) -> None:
        """Pieces that waited, as they could have been the beginning of a secret."""
        for key in [key for key in self._deltas if key[0] == node]:
            rest = self._deltas.pop(key).flush()
            if rest:
                self._line(event_json(NodeDelta(node, rest, key[1])))

    def _line(self, found: dict[str, object]) -> None:
        text = json.dumps(found, ensure_ascii=False) + "\n"
        buffer = getattr(self._stream, "buffer", None)
        if buffer is None:
            self._stream.write(text)
        else:
            buffer.write(text.encode("utf-8", "backslashreplace"))
        self._stream.flush()
