"""Replies put together and checked: a stream's pieces become the object that a whole reply is, and both pass the
same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.flows import errors
from flowloom.nodes.services import failures
from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.retry import Failure

_ENDS = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_calls": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "function_call",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
}
"""How services that speak OpenAI's interface say that a reply ended."""

MESSAGE_KEYS = ("content", "refusal", "role", "annotations", "audio", "function_call", "tool_calls")


class Assembly:
    """Collects the chunks of a stream. ``feed`` returns the pieces to show, as (channel, text)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._choices: dict[int, dict[str, Any]] = {}
        self._head: dict[str, Any] = {}
        self._usage: Any = None
        self.done = False

    @property
    def finished(self) -> bool:
        return bool(self._choices) and all(choice["finish_reason"] for choice in self._choices.values())

    def feed(self, chunk: Any, *, shown: bool) -> list[tuple[str, str]]:
        """Raises Failure where the chunk is an error or not a chunk."""
        if not isinstance(chunk, Mapping):
            raise failures.malformed(self._service, "has a piece that is no object")
        if chunk.get("error"):
            raise failures.from_error_object(self._service, chunk["error"], shown=shown)
        if isinstance(chunk.get("usage"), Mapping):
            self._usage = chunk["usage"]
        for key in ("id", "model", "created", "system_fingerprint"):
            if chunk.get(key):
                self._head[key] = chunk[key]
        choices = chunk.get("choices")
        if choices is None and ("usage" in chunk or "prompt_filter_results" in chunk):
            return []
        if not isinstance(choices, list) or not all(isinstance(choice, Mapping) for choice in choices):
            raise failures.malformed(self._service, "has a piece without choices")
        pieces: list[tuple[str, str]] = []
        for choice in choices:
            pieces += self._feed_choice(choice)
        return pieces

    def _feed_choice(self, choice: Mapping[str, Any]) -> list[tuple[str, str]]:
        index = choice.get("index") or 0
        kept = self._choices.setdefault(
            index,
            {
                "index": index,
                "message": {"role": "assistant", "content": None},
                "finish_reason": None,
                "logprobs": None,
            },
        )
        if choice.get("finish_reason"):
            kept["finish_reason"] = choice["finish_reason"]
        if isinstance(choice.get("text"), str):
            kept["text"] = kept.get("text", "") + choice["text"]
            return [("output", choice["text"])] if choice["text"] and index == 0 else []
        if isinstance(choice.get("message"), Mapping):
            # The whole reply, sent where a stream was asked for.
            kept.update(choice)
            content = choice["message"].get("content")
            return [("output", content)] if isinstance(content, str) and index == 0 else []
        _join_logprobs(kept, choice.get("logprobs"))
        delta = choice.get("delta")
        return self._feed_delta(kept["message"], delta, index) if isinstance(delta, Mapping) else []

    def _feed_delta(self, message: dict[str, Any], delta: Mapping[str, Any], index: int) -> list[tuple[str, str]]:
        pieces: list[tuple[str, str]] = []
        for key, channel in (
            ("content", "output"),
            ("refusal", ""),
            ("reasoning_content", "thinking"),
            ("reasoning", "thinking"),
        ):
            text = delta.get(key)
            if isinstance(text, list):
                text = text_of_parts(text)
            if text is None:
                continue
            if not isinstance(text, str):
                raise failures.malformed(self._service, f"has a piece whose {key} is no text")
            message[key] = (message.get(key) or "") + text
            if text and channel and index == 0:
                pieces.append((channel, text))
        if delta.get("role"):
            message["role"] = delta["role"]
        if isinstance(delta.get("function_call"), Mapping):
            message["function_call"] = _joined_call(message.get("function_call"), delta["function_call"])
        for call in delta.get("tool_calls") or ():
            self._feed_call(message, call)
        return pieces

    def _feed_call(self, message: dict[str, Any], call: Any) -> None:
        if not isinstance(call, Mapping):
            raise failures.malformed(self._service, "has a tool call that is no object")
        calls = message.setdefault("tool_calls", [])
        place = call.get("index")
        if not isinstance(place, int):
            place = next((at for at, known in enumerate(calls) if known.get("id") == call.get("id")), len(calls))
        if place > len(calls):
            raise failures.malformed(self._service, "leaves out a tool call")
        if place == len(calls):
            calls.append({"id": None, "type": "function", "function": {"name": None, "arguments": ""}})
        kept = calls[place]
        kept["id"] = call.get("id") or kept["id"]
        kept["type"] = call.get("type") or kept["type"]
        if isinstance(call.get("function"), Mapping):
            kept["function"] = _joined_call(kept["function"], call["function"])

    def result(self, *, shown: bool) -> dict[str, Any]:
        """The object a whole reply would have been. Raises Failure where the stream ended early or brought nothing."""
        if not self._choices and self.done:
            raise failures.malformed(self._service, "holds no answer")
        if not self.finished or not self.done:
            raise failures.broken(self._service, "ended before it was complete", shown=shown)
        result = {**self._head, "choices": [self._choices[index] for index in sorted(self._choices)]}
        if self._usage is not None:
            result["usage"] = self._usage
        return result


def _joined_call(kept: Mapping[str, Any] | None, piece: Mapping[str, Any]) -> dict[str, Any]:
    kept = kept or {"name": None, "arguments": ""}
    return {
        "name": piece.get("name") or kept["name"],
        "arguments": (kept["arguments"] or "") + (piece.get("arguments") or ""),
    }


def _join_logprobs(kept: dict[str, Any], piece: Any) -> None:
    if not isinstance(piece, Mapping):
        return
    whole = kept["logprobs"] or {"content": None, "refusal": None}
    kept["logprobs"] = {
        key: (whole.get(key) or []) + piece[key] if isinstance(piece.get(key), list) else whole.get(key)
        for key in ("content", "refusal")
    }


def text_of_parts(parts: Sequence[Any]) -> str:
    """The text of a content that some services give as a list of parts."""
    return "".join(
        str(part.get("text") or "")
        for part in parts
        if isinstance(part, Mapping) and part.get("type", "text") == "text"
    )


def check(
    reply: Any, service: Service, *, limited: bool, wants_json: str | None, shown: bool = False
) -> tuple[dict[str, Any], str]:
    """The message of the first choice, with exactly MESSAGE_KEYS, and the outcome: ``stop``, ``tool_calls``,
    ``function_call`` or ``length``.

    ``limited`` says that the caller set a limit of tokens, so that a reply that ends there counts; ``wants_json`` is
    ``json_object`` or ``json_schema`` where the reply must be JSON. Raises Failure for a reply that is an error,
    incomplete, filtered, refused, or not what the API promises. All choices are checked."""
    if not isinstance(reply, Mapping):
        raise failures.malformed(service, "is no object", str(reply)[:300])
    if reply.get("error"):
        raise failures.from_error_object(service, reply["error"], shown=shown)
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices or not all(isinstance(choice, Mapping) for choice in choices):
        raise failures.malformed(service, "holds no answer", str(reply)[:300])
    checked = [_check_choice(choice, service, limited=limited, wants_json=wants_json) for choice in choices]
    first = min(range(len(choices)), key=lambda at: choices[at].get("index") or 0)
    return checked[first]


def _check_choice(
    choice: Mapping[str, Any], service: Service, *, limited: bool, wants_json: str | None
) -> tuple[dict[str, Any], str]:
    message = (
        {"role": "assistant", "content": choice["text"]}
        if isinstance(choice.get("text"), str)
        else choice.get("message")
    )
    reason = choice.get("finish_reason")
    outcome = _ENDS.get(str(reason).lower()) if reason else None
    if outcome == "content_filter":
        raise Failure(
            errors.ContentFiltered(
                f"{service} withheld the reply: its content filter objects to it.",
                hint="Change the prompt or the inputs.",
            )
        )
    if not isinstance(message, Mapping):
        raise failures.malformed(service, "holds no message", str(choice)[:300])
    if message.get("refusal"):
        raise Failure(
            errors.Refused(
                f"The model declined to answer: {' '.join(str(message['refusal']).split())[:300]}",
                hint="Change the prompt or the inputs.",
            )
        )
    if not reason:
        raise failures.malformed(service, "does not say that it is complete", str(choice)[:300])
    if outcome is None:
        raise failures.malformed(service, f"ended in a way that is not known ('{str(reason)[:60]}')", str(choice)[:300])
    if outcome == "length":
        _check_cut(limited, wants_json, calls=bool(message.get("tool_calls") or message.get("function_call")))
    result = _message(message, service)
    if outcome == "stop" and wants_json == "json_schema" and not (result["tool_calls"] or result["function_call"]):
        _check_json(result["content"], service)
    if outcome == "stop" and result["tool_calls"]:
        outcome = "tool_calls"  # a call that was asked for by name ends with 'stop'
    elif outcome == "stop" and result["function_call"]:
        outcome = "function_call"
    if result["content"] is None and not result["tool_calls"] and not result["function_call"] and not result["audio"]:
        raise failures.malformed(service, "holds neither text nor a call", str(choice)[:300])
    return result, outcome


def _check_cut(limited: bool, wants_json: str | None, *, calls: bool) -> None:
    if wants_json is not None or calls:
        raise Failure(
            errors.ReplyCutOff(
                "The reply was cut off at its limit of tokens, so that it is no complete "
                + ("call." if calls else "JSON."),
                hint="Raise max_tokens, or ask for less.",
            )
        )
    if not limited:
        raise Failure(
            errors.ReplyCutOff(
                "The reply was cut off at the longest the model gives.",
                hint="Ask for a shorter reply, split the work, or set max_tokens to accept a part.",
            )
        )


def _check_json(content: Any, service: Service) -> None:
    if not is_json(content):
        raise failures.malformed(service, "is not the JSON that was asked for", str(content)[:300])


def is_json(text: Any) -> bool:
    """Whether it is a text that is JSON from its first to its last character."""
    import json

    try:
        json.loads(text)
    except (ValueError, TypeError):
        return False
    return True


def _message(message: Mapping[str, Any], service: Service) -> dict[str, Any]:
    content = message.get("content")
    if isinstance(content, list):
        content = text_of_parts(content)
    if content is not None and not isinstance(content, str):
        raise failures.malformed(service, "has a content that is no text", str(message)[:300])
    result = {key: message.get(key) for key in MESSAGE_KEYS}
    result["content"] = content
    result["role"] = message.get("role") or "assistant"
    call = message.get("function_call")
    result["function_call"] = _call(call, service) if call is not None else None
    calls = message.get("tool_calls")
    if calls is not None and not isinstance(calls, list):
        raise failures.malformed(service, "has tool calls that are no list", str(message)[:300])
    result["tool_calls"] = [_tool_call(one, service) for one in calls] if calls else None
    return result


def _tool_call(call: Any, service: Service) -> dict[str, Any]:
    if not isinstance(call, Mapping):
        raise failures.malformed(service, "has a tool call that is no object", str(call)[:300])
    kept = {key: value for key, value in call.items() if key != "index"}
    if call.get("type") in (None, "function"):
        kept = {**kept, "id": call.get("id"), "type": "function", "function": _call(call.get("function"), service)}
    return kept


def _call(call: Any, service: Service) -> dict[str, Any]:
    if not isinstance(call, Mapping) or not isinstance(call.get("name"), str) or not call["name"]:
        raise failures.malformed(service, "has a call without a function's name", str(call)[:300])
    arguments = call.get("arguments")
    if arguments is not None and not isinstance(arguments, str):
        raise failures.malformed(service, "has a call whose arguments are no text", str(call)[:300])
    if arguments and not is_json(arguments):
        raise failures.malformed(service, "has a call whose arguments are no complete JSON", str(call)[:300])
    return {"arguments": arguments or "", "name": call["name"]}
