"""An answer before it is bytes: JSON objects or a stream of events, so that faults can change what is said apart
from how it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.nodes.services.demo_server.wire import Part, Reply

DONE = "[DONE]"

Event = Mapping[str, Any] | str
"""A JSON object, or text that is sent after ``data: `` as it is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``events`` holds one object, or all of a stream with ``[DONE]`` at its end. ``body`` replaces them where the
    reply is not JSON. ``first`` and ``between`` are seconds before the first and each further piece."""

    events: tuple[Event, ...] = ()
    stream: bool = False
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    first: float = 0.0
    between: float = 0.0


class Rejected(Exception):
    """The service refuses the request. ``status`` and the fields of OpenAI's error object."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": type, "param": param, "code": code}


def dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=str).encode()


def error_answer(status: int, error: Mapping[str, Any]) -> Answer:
    return Answer(events=({"error": dict(error)},), status=status)


def event_bytes(event: Event) -> bytes:
    return b"data: %b\n\n" % (event.encode("utf-8", "surrogateescape") if isinstance(event, str) else dumps(event))


def encode(answer: Answer) -> Reply:
    """The bytes of an answer with their times."""
    if answer.stream:
        parts = tuple(
            Part(event_bytes(event), answer.between if number else 0.0) for number, event in enumerate(answer.events)
        )
        headers = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"), *answer.headers)
        return Reply(answer.status, headers, parts, chunked=True, delay=answer.first)
    if answer.body is not None:
        data = answer.body
    elif answer.events:
        event = answer.events[0]
        data = event.encode("utf-8", "surrogateescape") if isinstance(event, str) else dumps(event)
    else:
        data = b""
    headers = (("content-type", answer.content_type), *answer.headers)
    return Reply(answer.status, headers, (Part(data),) if data else (), delay=answer.first)
