"""Plain completions (``/v1/completions``)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from flowloom.nodes.services.demo_server import text
from flowloom.nodes.services.demo_server.answer import DONE, Event, Rejected
from flowloom.nodes.services.demo_server.chat import Settings, check_parameters


def completion(body: Mapping[str, Any], digest: int, settings: Settings) -> dict[str, Any]:
    """The ``text_completion`` object. ``max_tokens`` is 16 where nobody sets it, as with OpenAI. Raises Rejected."""
    check_parameters(body)
    prompts = body.get("prompt")
    prompts = [prompts] if isinstance(prompts, str) else prompts
    if not isinstance(prompts, list) or not prompts or not all(isinstance(one, str) for one in prompts):
        raise Rejected(400, "Invalid 'prompt': expected a string or an array of strings.", param="prompt")
    choices, replied = [], 0
    limit = body.get("max_tokens", 16)
    for prompt in prompts:
        for number in range(body.get("n") or 1):
            rng = random.Random(digest + number + len(choices))
            scripted = settings.rules.reply(prompt, "", body["model"])
            if isinstance(scripted, Mapping):
                content, finish = str(scripted.get("content") or ""), scripted.get("finish_reason") or "stop"
            else:
                content, finish = text.cut(
                    str(scripted if scripted is not None else text.default_reply(rng, prompt)), limit, body.get("stop")
                )
            replied += text.count(content)
            if body.get("echo"):
                content = prompt + content
            choices.append(
                {
                    "text": content,
                    "index": len(choices),
                    "logprobs": _logprobs(content, body, rng),
                    "finish_reason": finish,
                }
            )
    used = sum(text.count(prompt) for prompt in prompts)
    return {
        "id": f"cmpl-{digest:016x}",
        "object": "text_completion",
        "created": settings.created,
        "model": body["model"],
        "choices": choices,
        "usage": {"prompt_tokens": used, "completion_tokens": replied, "total_tokens": used + replied},
    }


def _logprobs(content: str, body: Mapping[str, Any], rng: random.Random) -> dict[str, Any] | None:
    top = body.get("logprobs")
    if top is None:
        return None
    pieces = text.tokens(content)
    offsets, at = [], 0
    for piece in pieces:
        offsets.append(at)
        at += len(piece)
    scores = [-round(rng.random(), 4) for _ in pieces]
    return {
        "tokens": pieces,
        "token_logprobs": scores,
        "top_logprobs": [{piece: score} for piece, score in zip(pieces, scores, strict=True)],
        "text_offset": offsets,
    }


def as_events(whole: Mapping[str, Any], *, include_usage: bool) -> tuple[Event, ...]:
    """The same as a stream of ``text_completion`` objects and ``[DONE]``."""
    frame = {name: value for name, value in whole.items() if name not in ("choices", "usage")}
    events: list[Event] = []
    for choice in whole["choices"]:
        for piece in text.tokens(choice["text"]):
            events.append(
                {
                    **frame,
                    "choices": [{"text": piece, "index": choice["index"], "logprobs": None, "finish_reason": None}],
                }
            )
        events.append(
            {
                **frame,
                "choices": [
                    {"text": "", "index": choice["index"], "logprobs": None, "finish_reason": choice["finish_reason"]}
                ],
            }
        )
    if include_usage:
        events.append({**frame, "choices": [], "usage": whole["usage"]})
    return (*events, DONE)
