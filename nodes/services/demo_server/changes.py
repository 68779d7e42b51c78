"""Changes to what a service says: each takes a healthy answer, whole or a stream, and returns a sick one."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.nodes.services.demo_server.answer import DONE, Answer, Event

Change = Callable[[Answer, random.Random], Answer]

_REFUSAL = "I'm sorry, but I can't help with that."


def _objects(answer: Answer) -> list[dict[str, Any]]:
    return [copy.deepcopy(dict(event)) for event in answer.events if isinstance(event, Mapping)]


def _with(answer: Answer, events: list[Any]) -> Answer:
    return dataclasses.replace(answer, events=tuple(events))


def _each(edit: Callable[[dict[str, Any]], None]) -> Change:
    """A change made to every object, in a stream and outside of one."""

    def change(answer: Answer, rng: random.Random) -> Answer:
        objects = _objects(answer)
        for one in objects:
            edit(one)
        return _with(answer, [*objects, *([DONE] if answer.stream else [])])

    return change


def _finish(reason: Any, *, keep: float = 1.0) -> Change:
    """The reply ends with another finish reason, after that share of its text."""

    def change(answer: Answer, rng: random.Random) -> Answer:
        objects = _objects(answer)
        if not answer.stream:
            for choice in objects[0]["choices"]:
                choice["finish_reason"] = reason
                content = choice["message"].get("content") or ""
                choice["message"]["content"] = content[: round(len(content) * keep)]
            return _with(answer, objects)
        texts = [one for one in objects if _delta(one).get("content")]
        dropped = texts[round(len(texts) * keep) :]
        objects = [one for one in objects if not any(one is other for other in dropped)]
        for one in objects:
            for choice in one.get("choices") or ():
                if choice.get("finish_reason"):
                    choice["finish_reason"] = reason
        return _with(answer, [*objects, DONE])

    return change


def _delta(event: Event) -> dict[str, Any]:
    if isinstance(event, Mapping) and event.get("choices"):
        return event["choices"][0].get("delta") or {}
    return {}


def _message(edit: Callable[[dict[str, Any]], None], *, finish: str = "stop") -> Change:
    """A change to the message; in a stream the message comes in one chunk."""

    def change(answer: Answer, rng: random.Random) -> Answer:
        objects = _objects(answer)
        if not answer.stream:
            for choice in objects[0]["choices"]:
                edit(choice["message"])
                choice["finish_reason"] = finish
            return _with(answer, objects)
        frame = next(one for one in objects if one.get("choices"))
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(_delta(one).get("content") or "" for one in objects),
        }
        edit(message)
        first = {**frame, "choices": [{"index": 0, "delta": message, "finish_reason": None}]}
        last = {**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
        tail = [one for one in objects if not one.get("choices") and one.get("usage")]
        return _with(answer, [first, last, *tail, DONE])

    return change


def _insert(event: Event, *, at: float = 0.5) -> Change:
    """A stream with one more event in it; outside of a stream the event is the reply."""

    def change(answer: Answer, rng: random.Random) -> Answer:
        if not answer.stream:
            return _with(answer, [event])
        events = list(answer.events)
        place = round(len(events) * at)
        return _with(answer, [*events[:place], event, *events[place:]])

    return change


def _stream_only(change: Change) -> Change:
    """Leaves an answer that is no stream as it is."""
    return lambda answer, rng: change(answer, rng) if answer.stream else answer


def _broken_json(answer: Answer, rng: random.Random) -> Answer:
    """The text of one object stops in its middle, though all bytes that were promised arrive."""
    events = list(answer.events)
    place = len(events) // 2 if answer.stream else 0
    text = json.dumps(events[place])
    events[place] = text[: len(text) // 2]
    return _with(answer, events)


def _invalid_utf8(answer: Answer, rng: random.Random) -> Answer:
    # The escape becomes the byte FF, which no UTF-8 has: as when a proxy cuts a character in two.
    events = list(answer.events)
    place = len(events) // 2 if answer.stream else 0
    text = json.dumps(events[place], ensure_ascii=False)
    events[place] = text.replace('"', '"\udcff', 1)
    return _with(answer, events)


def _doubled(answer: Answer, rng: random.Random) -> Answer:
    """Chunks that carry no text come twice: the first, the finish, the usage, and [DONE]."""
    events: list[Event] = []
    for event in answer.events:
        events.append(event)
        if event == DONE or not (_delta(event).get("content") or _delta(event).get("tool_calls")):
            events.append(event)
    return _with(answer, events)


def _big(answer: Answer, rng: random.Random) -> Answer:
    big = "lorem ipsum " * 200_000

    def edit(message: dict[str, Any]) -> None:
        message["content"] = big

    return _message(edit)(answer, rng)


def _put(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(target: dict[str, Any]) -> None:
        target[key] = value

    return edit


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    def edit(target: dict[str, Any]) -> None:
        target.pop(key, None)

    return edit


def _refuse(message: dict[str, Any]) -> None:
    message["content"] = None
    message["refusal"] = _REFUSAL


def _no_message(target: dict[str, Any]) -> None:
    for choice in target.get("choices") or ():
        choice["message" if "message" in choice else "delta"] = None


def _no_finish(answer: Answer, rng: random.Random) -> Answer:
    if not answer.stream:
        return _finish(None)(answer, rng)
    return _with(
        answer,
        [
            event
            for event in answer.events
            if not (isinstance(event, Mapping) and any(one.get("finish_reason") for one in event.get("choices") or ()))
        ],
    )


def _only_start(answer: Answer, rng: random.Random) -> Answer:
    """The stream ends in good order after half of its text: no finish, no [DONE]."""
    return (
        _with(answer, list(answer.events[: max(1, len(answer.events) // 2)]))
        if answer.stream
        else _broken_json(answer, rng)
    )


_ERROR = {
    "error": {
        "message": "The server had an error while processing your request.",
        "type": "server_error",
        "param": None,
        "code": None,
    }
}

CHANGES: dict[str, Change] = {
    "error_object": lambda answer, rng: _with(answer, [_ERROR, DONE] if answer.stream else [_ERROR]),
    "error_event": _insert(_ERROR),
    "error_event_rate_limit": _insert(
        {"error": {"message": "Rate limit reached.", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
    ),
    "error_event_text": _insert({"error": "overloaded"}),
    "broken_json": _broken_json,
    "invalid_utf8": _invalid_utf8,
    "not_an_object": _insert("42"),
    "stops_half_way": _only_start,
    "done_missing": _stream_only(
        lambda answer, rng: _with(answer, [event for event in answer.events if event != DONE])
    ),
    "finish_missing": _no_finish,
    "finish_unknown": _finish("mystery"),
    "finish_length": _finish("length", keep=0.5),
    "finish_content_filter": _finish("content_filter", keep=0.5),
    "finish_filter_empty": _finish("content_filter", keep=0.0),
    "refusal": _message(_refuse),
    "empty_choices": _each(_put("choices", [])),
    "null_choices": _each(_put("choices", None)),
    "no_choices": _each(_drop("choices")),
    "choices_text": _each(_put("choices", "none today")),
    "null_content": _message(_put("content", None)),
    "number_content": _message(_put("content", 42)),
    "null_message": _each(_no_message),
    "tool_call_without_name": _message(
        _put("tool_calls", [{"index": 0, "id": "call_1", "type": "function", "function": {"arguments": "{}"}}]),
        finish="tool_calls",
    ),
    "tool_call_cut_off": _message(
        _put(
            "tool_calls",
            [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"city": "'}}],
        ),
        finish="tool_calls",
    ),
    "missing_usage": _each(_drop("usage")),
    "odd_usage": _each(
        lambda one: one.update(usage={"prompt_tokens": None, "completion_tokens": "many"}) if one.get("usage") else None
    ),
    "doubled_chunks": _doubled,
    "huge_chunk": _big,
    "surrogate": _message(_put("content", "half a face \ud83d here")),
    "nul_character": _message(_put("content", "a\0b")),
}
