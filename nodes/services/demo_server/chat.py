"""Chat completions and plain completions: ``f(seed, body)``, whole or as a stream of chunks."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.nodes.services.demo_server import schema, text
from flowloom.nodes.services.demo_server.answer import Rejected
from flowloom.nodes.services.demo_server.rules import Rules

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a reply besides the request."""

    seed: int
    rules: Rules
    context_length: int = 128_000
    azure: bool = False
    created: int = 1_767_225_600
    """A fixed time, so that the same request gives the same bytes."""


@dataclass(slots=True)
class Choice:
    message: dict[str, Any]
    finish_reason: str
    logprobs: Any = None


@dataclass(slots=True)
class Completion:
    """A whole reply before it is cut into an object or chunks."""

    id: str
    model: str
    choices: list[Choice]
    usage: dict[str, Any]
    created: int
    azure: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def check_messages(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The messages. Raises Rejected, as OpenAI does, where they are not what the API takes."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Rejected(400, "Invalid 'messages': expected an array with at least one message.", param="messages")
    for number, message in enumerate(messages):
        if not isinstance(message, Mapping) or message.get("role") not in _ROLES:
            role = message.get("role") if isinstance(message, Mapping) else message
            raise Rejected(
                400,
                f"Invalid value: {role!r}. Supported values are: {', '.join(_ROLES)}.",
                param=f"messages[{number}].role",
            )
        if "content" not in message and not message.get("tool_calls") and not message.get("function_call"):
            raise Rejected(
                400, f"Missing required parameter: 'messages[{number}].content'.", param=f"messages[{number}].content"
            )
        if message["role"] == "tool" and not message.get("tool_call_id"):
            raise Rejected(
                400, f"Missing parameter 'tool_call_id': messages[{number}].", param=f"messages[{number}].tool_call_id"
            )
        if message["role"] == "function" and not message.get("name"):
            raise Rejected(400, f"Missing parameter 'name': messages[{number}].", param=f"messages[{number}].name")
    return messages


def _number(body: Mapping[str, Any], name: str, least: float, most: float, *, whole: bool = False) -> None:
    value = body.get(name)
    if value is None:
        return
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise Rejected(
            400,
            f"Invalid type for '{name}': expected {'an integer' if whole else 'a number'}, but got {type(value).__name__}.",
            param=name,
            code="invalid_type",
        )
    if not least <= value <= most:
        raise Rejected(400, f"Invalid '{name}': {value} is outside {least} to {most}.", param=name)


def check_parameters(body: Mapping[str, Any]) -> None:
    """Raises Rejected where a parameter has a type or value that OpenAI refuses."""
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise Rejected(400, "you must provide a model parameter", param="model")
    _number(body, "temperature", 0, 2)
    _number(body, "top_p", 0, 1)
    _number(body, "presence_penalty", -2, 2)
    _number(body, "frequency_penalty", -2, 2)
    _number(body, "n", 1, 128, whole=True)
    for name in ("max_tokens", "max_completion_tokens"):
        _number(body, name, 1, 10**7, whole=True)
    _number(body, "seed", -(2**63), 2**63, whole=True)
    stop = body.get("stop")
    if (
        stop is not None
        and not isinstance(stop, str)
        and not (isinstance(stop, list) and all(isinstance(one, str) for one in stop))
    ):
        raise Rejected(400, "Invalid type for 'stop'.", param="stop")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise Rejected(
            400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    for name in ("tools", "functions"):
        if body.get(name) is not None and (not isinstance(body[name], list) or not body[name]):
            raise Rejected(400, f"Invalid '{name}': empty array or not an array.", param=name)
    form = body.get("response_format")
    if form is not None and (
        not isinstance(form, Mapping) or form.get("type") not in ("text", "json_object", "json_schema")
    ):
        raise Rejected(400, "Invalid value for 'response_format.type'.", param="response_format.type")


def chat(body: Mapping[str, Any], digest: int, settings: Settings) -> Completion:
    """The completion for one chat request. Raises Rejected."""
    messages = check_messages(body)
    check_parameters(body)
    used = text.prompt_tokens(messages)
    if used > settings.context_length:
        raise Rejected(
            400,
            f"This model's maximum context length is {settings.context_length} tokens. However, your messages resulted in {used} tokens. Please reduce the length of the messages.",
            param="messages",
            code="context_length_exceeded",
        )
    if (body.get("response_format") or {}).get("type") == "json_object" and "json" not in json.dumps(messages).lower():
        raise Rejected(
            400,
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            param="messages",
        )
    choices = [
        _choice(body, messages, random.Random(digest + number), settings) for number in range(body.get("n") or 1)
    ]
    completion = Completion(
        id=f"chatcmpl-{digest:016x}",
        model=body["model"],
        choices=choices,
        usage=_usage(used, [_choice_tokens(choice.message) for choice in choices]),
        created=settings.created,
        azure=settings.azure,
    )
    for choice in choices:
        for key in ("usage", "model", "id"):
            if key in choice.message:
                setattr(completion, key, choice.message.pop(key))
    return completion


def _usage(prompt: int, replies: Sequence[int]) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": sum(replies),
        "total_tokens": prompt + sum(replies),
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _choice_tokens(message: Mapping[str, Any]) -> int:
    total = text.count(message.get("content") or "") + text.count(message.get("reasoning_content") or "")
    for call in [
        *(message.get("tool_calls") or ()),
        *([message["function_call"]] if message.get("function_call") else ()),
    ]:
        total += text.count(json.dumps(call))
    return total


def _choice(
    body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]], rng: random.Random, settings: Settings
) -> Choice:
    asked = text.last_user_text(messages)
    system = "\n".join(text.text_of(one.get("content")) for one in messages if one["role"] in ("system", "developer"))
    scripted = settings.rules.reply(asked, system, body["model"])
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None, "annotations": []}
    if isinstance(scripted, Mapping):
        message.update(scripted)
        finish = message.pop("finish_reason", None)
        return Choice(
            message,
            finish
            or (
                "tool_calls"
                if message.get("tool_calls")
                else "function_call"
                if message.get("function_call")
                else "stop"
            ),
        )
    if scripted is None:
        call = _forced_call(body, messages, asked, rng)
        if call is not None:
            kind, function = call
            if kind == "functions":
                message["function_call"] = function
                forced = isinstance(body.get("function_call"), Mapping)
                return Choice(message, "stop" if forced else "function_call")
            message["tool_calls"] = [
                {"id": f"call_{rng.getrandbits(64):016x}", "type": "function", "function": function}
            ]
            forced = isinstance(body.get("tool_choice"), Mapping)
            return Choice(message, "stop" if forced else "tool_calls")
        scripted = _made_up(body, messages, asked, rng)
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    message["content"], finish = text.cut(str(scripted), limit, body.get("stop"))
    logprobs = _chat_logprobs(message["content"], body, rng) if body.get("logprobs") else None
    return Choice(message, finish, logprobs)


def _made_up(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]], asked: str, rng: random.Random) -> str:
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        wanted = form.get("json_schema") or {}
        try:
            return json.dumps(schema.example(wanted.get("schema", True), rng))
        except (ValueError, KeyError) as problem:
            raise Rejected(400, f"Invalid schema for response_format: {problem}", param="response_format") from problem
    if form.get("type") == "json_object":
        return json.dumps({"reply": text.default_reply(rng, asked)})
    last = messages[-1]
    if last["role"] in ("tool", "function"):
        return f"The tool answered: {text.text_of(last.get('content'))}"
    seen = _images(messages)
    return f"I see {seen}. {text.default_reply(rng, asked)}" if seen else text.default_reply(rng, asked)


def _images(messages: Sequence[Mapping[str, Any]]) -> str:
    kinds: list[str] = []
    for message in messages:
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and part.get("type") == "image_url":
                url = str((part.get("image_url") or {}).get("url", ""))
                kinds.append(
                    f"{url[5:].partition(';')[0]} of {len(url.partition(',')[2]) * 3 // 4} bytes"
                    if url.startswith("data:")
                    else url
                )
    return f"{len(kinds)} image{'s' if len(kinds) > 1 else ''} ({', '.join(kinds)})" if kinds else ""


def _forced_call(
    body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]], asked: str, rng: random.Random
) -> tuple[str, dict[str, Any]] | None:
    """The call to make: the one that was asked for by name, any where one is required, else one whose name the
    user's text has."""
    kind = "tools" if body.get("tools") else "functions" if body.get("functions") else None
    if kind is None:
        return None
    choice = body.get("tool_choice") if kind == "tools" else body.get("function_call")
    offered = [one.get("function", one) if isinstance(one, Mapping) else {} for one in body[kind]]
    if choice == "none":
        return None
    if isinstance(choice, Mapping):
        name = (choice.get("function") or choice).get("name")
        chosen = next((one for one in offered if one.get("name") == name), None)
        if chosen is None:
            raise Rejected(
                400,
                f"Invalid value for '{'tool_choice' if kind == 'tools' else 'function_call'}': no function named {name!r} was given.",
                param="tool_choice",
            )
    elif choice == "required":
        chosen = offered[0]
    elif messages[-1]["role"] in ("tool", "function"):
        return None
    else:
        spoken = asked.lower()
        chosen = next(
            (
                one
                for one in offered
                if one.get("name")
                and all(word in spoken for word in one["name"].lower().split("_") if word not in ("get", "current"))
            ),
            None,
        )
        if chosen is None:
            return None
    try:
        arguments = schema.example(chosen.get("parameters") or {"type": "object", "properties": {}}, rng)
    except (ValueError, KeyError) as problem:
        raise Rejected(400, f"Invalid schema for function {chosen.get('name')!r}: {problem}", param=kind) from problem
    return kind, {"name": chosen.get("name"), "arguments": json.dumps(arguments)}


def _chat_logprobs(content: str, body: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    def entry(token: str) -> dict[str, Any]:
        return {"token": token, "logprob": -round(rng.random(), 4), "bytes": list(token.encode("utf-8", "replace"))}

    top = body.get("top_logprobs") or 0
    return {
        "content": [
            {**entry(token), "top_logprobs": [entry(token) for _ in range(top)]} for token in text.tokens(content)
        ],
        "refusal": None,
    }
