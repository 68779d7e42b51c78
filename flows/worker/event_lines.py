"""Events as JSON objects and back: what of a run crosses from the worker to whoever shows it.

Secrets are masked where events become text, also those that a stream carries in pieces.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from flowloom.flows import errors
from flowloom.flows.connections.redact import Redactor, StreamRedactor
from flowloom.flows.engine.codec import clean_text
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
from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker.values import ValueWriter, read_value

_KINDS: Final = {
    kind.type: kind
    for kind in (
        *(RunStarted, NodeStarted, NodeDelta, NodeFinished, NodeSkipped, NodeFailed, NodeCancelled, Log, Metric, Exchange),
        RunFinished,
    )
}
_FIELDS: Final = {kind: tuple(part.name for part in fields(kind)) for kind in _KINDS.values()}
_MOST_WORDS: Final = 64 * 1024
"""Characters of one line of log, one error, one piece of a stream."""
_SMALL: Final = 1024
_LINE: Final = 128
"""What a line of log costs besides its characters."""

Send = Callable[[str], None]


def error_as_json(error: FlowloomError, redact: Callable[[str], str] = str) -> dict[str, Any]:
    """An error with everything it knows of its place."""
    found: dict[str, Any] = {"kind": error.kind}
    for name in ("message", "hint", "detail"):
        found[name] = clean_text(redact(str(getattr(error, name))[:_MOST_WORDS]))
    for name in ("node", "field", "file", "line", "column", "status", "attempts"):
        value = getattr(error, name, None)
        if value is not None:
            found[name] = value
    return found


def error_from_json(data: Mapping[str, Any]) -> FlowloomError:
    """The error again, in the class of its kind."""
    cls = _classes().get(str(data.get("kind")), FlowloomError)
    error = cls(str(data.get("message", "")), hint=str(data.get("hint", "")), detail=str(data.get("detail", "")))
    for name in ("node", "field", "file", "line", "column", "status", "attempts"):
        if name in data:
            setattr(error, name, data[name])
    return error


def _classes() -> dict[str, type[FlowloomError]]:
    if not _by_kind:
        found = (value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, FlowloomError))
        _by_kind.update((cls.kind, cls) for cls in found)
    return _by_kind


_by_kind: dict[str, type[FlowloomError]] = {}


@dataclass(slots=True)
class EventWriter:
    """Writes the events of one run as JSON objects, within what the run may send.

    ``send`` gets each as text; ``send_soon`` the pieces of streams, as ``(node, channel, text)``, to be joined while they wait.
    """

    values: ValueWriter
    redactor: Redactor
    send: Send
    send_soon: Callable[[str, str, str], None]
    room: int
    _streams: dict[tuple[str, str], StreamRedactor] = field(default_factory=dict)
    _is_full: bool = False

    def __call__(self, event: Event) -> None:
        kind = event.__class__
        if kind is NodeDelta:
            self._piece(event)  # type: ignore[arg-type]
            return
        if kind is Log:
            self._log(event)  # type: ignore[arg-type]
            return
        node = getattr(event, "node", None)
        if node is not None and self._streams and kind in (NodeFinished, NodeFailed, NodeCancelled):
            self._flush(node)
        self._write(event)

    def _write(self, event: Event) -> None:
        kind = event.__class__
        most = self.values.most
        parts = [f'{{"type":"{kind.type}"']
        for name in _FIELDS[kind]:
            value = getattr(event, name)
            if kind is NodeFinished and name == "output":
                text = self._value(value, most)
            elif name == "outputs":
                pairs = []
                for key, item in value.items():
                    pairs.append(f"{_dump(clean_text(str(key)))}:{self._value(item, most)}")
                    most = max(most - len(pairs[-1]), _SMALL)
                text = "{" + ",".join(pairs) + "}"
            elif kind is Exchange and name in ("request", "reply"):
                text = "null" if value is None else self._value(dict(value), most)
            else:
                text = self._field(value)
            parts.append(f'"{name}":{text}')
        line = ",".join(parts) + "}"
        if kind in (NodeFinished, Exchange):
            self.room -= len(line)
        self.send(line)

    def _value(self, value: Any, most: int) -> str:
        return self.values.write(value, max(_SMALL, min(most, self.room)))

    def _field(self, value: Any) -> str:
        if isinstance(value, FlowloomError):
            return _dump(error_as_json(value, self.redactor.redact))
        if isinstance(value, Usage):
            return _dump(value.as_json())
        if isinstance(value, str):
            return _dump(clean_text(self.redactor.redact(value[:_MOST_WORDS])))
        return _dump(value) if value is None or isinstance(value, int | float | bool) else self.values.plain(value, self.values.most)

    # What may be left out

    def _piece(self, event: NodeDelta) -> None:
        if not self._fits():
            return
        if isinstance(event.chunk, str):
            text = event.chunk
            if self.redactor:
                stream = self._streams.setdefault((event.node, event.channel), self.redactor.stream())
                text = stream.feed(text)
            text = clean_text(text)
        else:
            text = self.values.plain(event.chunk, self.values.preview)
        if text:
            self.room -= len(text)
            self.send_soon(event.node, event.channel, text)

    def _flush(self, node: str) -> None:
        """Pieces that waited, as they could have been the beginning of a secret."""
        for key in [key for key in self._streams if key[0] == node]:
            rest = clean_text(self._streams.pop(key).flush())
            if rest:
                self.send_soon(node, key[1], rest)

    def _log(self, event: Log) -> None:
        if self._fits():
            self.room -= len(event.text) + _LINE
            self._write(event)

    def _fits(self) -> bool:
        if self.room > 0:
            return True
        if not self._is_full:
            self._is_full = True
            words = "This run wrote more than it may keep; what follows is left out here."
            self._write(Log(None, words, "warning"))
        return False


def delta_text(node: str, channel: str, text: str) -> str:
    """A piece of a stream as ``EventWriter`` writes the other events."""
    return _dump({"type": "node_delta", "node": node, "chunk": text, "channel": channel})


def read_event(data: Mapping[str, Any], spool: Path) -> Event:
    """The event that an EventWriter wrote. Raises KeyError, TypeError, ValueError or NotKept for anything else."""
    kind = _KINDS[data["type"]]
    found: dict[str, Any] = {}
    for part in fields(kind):
        if part.name not in data:
            if part.default is NO_DEFAULT:
                raise KeyError(part.name)
            continue
        found[part.name] = _read_field(kind, part.name, data[part.name], spool)
    return kind(**found)


def _read_field(kind: type, name: str, value: Any, spool: Path) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if name == "error":
        return error_from_json(value)
    if name == "usage":
        return Usage(**value)
    if name == "outputs":
        return {key: read_value(item, spool) for key, item in value.items()}
    if name == "nodes":
        return tuple(value)
    return read_value(value, spool) if name in ("output", "request", "reply") else value


_encoder: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_dump: Final = _encoder.encode
