"""Texts that follow from a seed and a request alone, cut into tokens the same way everywhere."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

WORDS = [
    "answer",
    "balance",
    "bridge",
    "careful",
    "choice",
    "clear",
    "compare",
    "detail",
    "early",
    "evidence",
    "example",
    "first",
    "fresh",
    "garden",
    "gentle",
    "harbour",
    "helpful",
    "idea",
    "journey",
    "kind",
    "later",
    "letter",
    "light",
    "market",
    "measure",
    "method",
    "morning",
    "narrow",
    "number",
    "open",
    "paper",
    "pattern",
    "plain",
    "quick",
    "quiet",
    "reason",
    "record",
    "result",
    "river",
    "round",
    "second",
    "shared",
    "short",
    "signal",
    "simple",
    "small",
    "steady",
    "story",
    "strong",
    "summary",
    "table",
    "thread",
    "today",
    "useful",
    "value",
    "version",
    "warm",
    "weather",
    "window",
    "word",
]

_TOKEN = re.compile(r"\s*\w{1,8}|\s*[^\w\s]|\s+")
_NOT_HASHED = ("stream", "stream_options", "user", "store", "metadata")


def digest(seed: int, path: str, body: Mapping[str, Any]) -> int:
    """A number that follows from the seed and what was asked, whether it was asked as a stream or not."""
    asked = {name: value for name, value in body.items() if name not in _NOT_HASHED}
    text = f"{seed}|{path}|{json.dumps(asked, sort_keys=True, default=str)}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def tokens(text: str) -> list[str]:
    """Pieces whose concatenation is the text."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    return len(_TOKEN.findall(text))


def sentence(rng: random.Random, least: int = 6, most: int = 14) -> str:
    words = rng.choices(WORDS, k=rng.randint(least, most))
    return " ".join(words).capitalize() + "."


def default_reply(rng: random.Random, asked: str) -> str:
    """What the stand-in answers where no rule says otherwise: it repeats how the question began, and adds made-up
    sentences."""
    start = " ".join(asked.split())[:60]
    body = " ".join(sentence(rng) for _ in range(rng.randint(1, 3)))
    return f'Demo reply to "{start}": {body}' if start else f"Demo reply: {body}"


def text_of(content: Any) -> str:
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return "\n".join(
            str(part.get("text", "")) for part in content if isinstance(part, Mapping) and part.get("type") == "text"
        )
    return ""


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message.get("content"))
    return ""


def prompt_tokens(messages: Sequence[Mapping[str, Any]]) -> int:
    """Three tokens a message and what its text has; an image counts 85, as the smallest does with OpenAI."""
    total = 3
    for message in messages:
        content = message.get("content")
        total += 3 + count(text_of(content))
        if isinstance(content, list):
            total += 85 * sum(1 for part in content if isinstance(part, Mapping) and part.get("type") != "text")
        for call in message.get("tool_calls") or ():
            total += count(json.dumps(call, default=str))
    return total


def cut(text: str, limit: int | None, stop: Any) -> tuple[str, str]:
    """The text up to a stop sequence or the limit in tokens, and ``stop`` or ``length``."""
    for mark in [stop] if isinstance(stop, str) else stop or ():
        if mark and mark in text:
            text = text[: text.index(mark)]
    pieces = tokens(text)
    if limit is not None and len(pieces) > limit:
        return "".join(pieces[:limit]), "length"
    return text, "stop"
