"""A completion as the objects that OpenAI's API sends: one whole, or chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowloom.nodes.services.demo_server import text
from flowloom.nodes.services.demo_server.answer import DONE, Event
from flowloom.nodes.services.demo_server.chat import Choice, Completion


def as_object(completion: Completion) -> dict[str, Any]:
    """``chat.completion``."""
    choices = []
    for index, choice in enumerate(completion.choices):
        one: dict[str, Any] = {
            "index": index,
            "message": choice.message,
            "logprobs": choice.logprobs,
            "finish_reason": choice.finish_reason,
        }
        if completion.azure:
            one["content_filter_results"] = SAFE
        choices.append(one)
    result = {
        "id": completion.id,
        "object": "chat.completion",
        "created": completion.created,
        "model": completion.model,
        "choices": choices,
        "usage": completion.usage,
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
        **completion.extra,
    }
    if completion.azure:
        result["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": SAFE}]
    return result


SAFE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}


def as_events(completion: Completion, *, include_usage: bool) -> tuple[Event, ...]:
    """``chat.completion.chunk`` objects and ``[DONE]``."""
    frame = {
        "id": completion.id,
        "object": "chat.completion.chunk",
        "created": completion.created,
        "model": completion.model,
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
    }
    if include_usage:
        frame["usage"] = None
    events: list[Event] = []
    if completion.azure:
        # Azure's first chunk has no choice, only what its filter says of the prompt.
        events.append(
            {
                **frame,
                "id": "",
                "model": "",
                "choices": [],
                "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": SAFE}],
            }
        )
    for index, choice in enumerate(completion.choices):
        for delta, logprobs in _deltas(choice):
            events.append(
                {**frame, "choices": [{"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": None}]}
            )
        events.append(
            {
                **frame,
                "choices": [{"index": index, "delta": {}, "logprobs": None, "finish_reason": choice.finish_reason}],
            }
        )
    if include_usage:
        events.append({**frame, "choices": [], "usage": completion.usage})
    return (*events, DONE)


def _deltas(choice: Choice) -> Iterator[tuple[dict[str, Any], Any]]:
    message = choice.message
    yield (
        {"role": message["role"], "content": "" if message.get("content") is not None else None, "refusal": None},
        None,
    )
    for piece in text.tokens(message.get("reasoning_content") or ""):
        yield {"reasoning_content": piece}, None
    scores = (choice.logprobs or {}).get("content")
    for number, piece in enumerate(text.tokens(message.get("content") or "")):
        yield {"content": piece}, {"content": [scores[number]], "refusal": None} if scores else None
    for piece in text.tokens(message.get("refusal") or ""):
        yield {"refusal": piece}, None
    if message.get("function_call"):
        call = message["function_call"]
        yield {"function_call": {"name": call["name"], "arguments": ""}}, None
        for piece in text.tokens(call["arguments"]):
            yield {"function_call": {"arguments": piece}}, None
    for number, call in enumerate(message.get("tool_calls") or ()):
        yield (
            {
                "tool_calls": [
                    {
                        "index": number,
                        "id": call["id"],
                        "type": "function",
                        "function": {"name": call["function"]["name"], "arguments": ""},
                    }
                ]
            },
            None,
        )
        for piece in text.tokens(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": number, "function": {"arguments": piece}}]}, None
