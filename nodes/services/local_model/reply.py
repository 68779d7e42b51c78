"""Replies in OpenAI's chat.completion and chat.completion.chunk shapes."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Spent:
    """Tokens of all the calls that one reply took."""

    prompt: int = 0
    completion: int = 0

    def add(self, usage: Mapping[str, Any]) -> None:
        self.prompt += int(usage.get("prompt_tokens") or 0)
        self.completion += int(usage.get("completion_tokens") or 0)

    def as_json(self) -> Json:
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
        }


@dataclass(slots=True)
class Envelope:
    """What all chunks of one reply share."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def chunk(
        self, delta: Mapping[str, Any], *, index: int = 0, finish: str | None = None, logprobs: Any = None
    ) -> Json:
        choice: Json = {"index": index, "delta": dict(delta), "finish_reason": finish}
        if logprobs is not None:
            choice["logprobs"] = logprobs
        return self._wrap([choice])

    def usage(self, spent: Spent) -> Json:
        """The last chunk of a reply."""
        return {**self._wrap([]), "usage": spent.as_json()}

    def _wrap(self, choices: list[Json]) -> Json:
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }


def assemble(chunks: Iterable[Mapping[str, Any]]) -> Json:
    """The chat.completion that a whole stream of chunks says in pieces."""
    last: Mapping[str, Any] = {}
    usage: Any = None
    choices: dict[int, Json] = {}
    for last in chunks:
        usage = last.get("usage") or usage
        for part in last.get("choices", ()):
            choice = choices.setdefault(part["index"], _empty_choice(part["index"]))
            _add_delta(choice["message"], part.get("delta") or {})
            choice["finish_reason"] = part.get("finish_reason") or choice["finish_reason"]
            if part.get("logprobs"):
                choice["logprobs"] = choice["logprobs"] or {"content": [], "refusal": None}
                choice["logprobs"]["content"] += part["logprobs"].get("content") or []
    for choice in choices.values():
        message = choice["message"]
        if message["content"] == "" and (message.get("tool_calls") or message.get("function_call")):
            message["content"] = None
    return {
        "id": last.get("id"),
        "object": "chat.completion",
        "created": last.get("created"),
        "model": last.get("model"),
        "choices": [choices[index] for index in sorted(choices)],
        "usage": usage,
    }


def _empty_choice(index: int) -> Json:
    return {
        "index": index,
        "message": {"role": "assistant", "content": "", "refusal": None},
        "finish_reason": None,
        "logprobs": None,
    }


def _add_delta(message: Json, delta: Mapping[str, Any]) -> None:
    message["content"] += delta.get("content") or ""
    if delta.get("reasoning_content"):
        message["reasoning_content"] = message.get("reasoning_content", "") + delta["reasoning_content"]
    if delta.get("function_call"):
        call = message.setdefault("function_call", {"name": "", "arguments": ""})
        for key in ("name", "arguments"):
            call[key] += delta["function_call"].get(key) or ""
    for piece in delta.get("tool_calls") or ():
        calls = message.setdefault("tool_calls", [])
        while len(calls) <= piece["index"]:
            calls.append({"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
        call = calls[piece["index"]]
        call["id"] = piece.get("id") or call["id"]
        for key in ("name", "arguments"):
            call["function"][key] += (piece.get("function") or {}).get(key) or ""
