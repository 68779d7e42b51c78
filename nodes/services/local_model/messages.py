"""Conversations in the words of a model whose template knows only system, user and assistant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.flows.errors import BadRequest


def plain_messages(messages: Any) -> list[dict[str, str]]:
    """OpenAI chat messages as text alone: tool calls and their results become text, ``developer`` becomes ``system``.

    Raises BadRequest for what is no list of messages, and for images, which no model here can see.
    """
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        raise BadRequest(
            "The request to the model has no messages.", hint="Start the prompt with a line such as 'user:'."
        )
    return [_plain(message, names=_call_names(messages)) for message in messages]


def _plain(message: Any, *, names: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(message, Mapping):
        raise BadRequest(
            "A message to the model is not an object with a role and a content.",
            hint="Correct the messages of the prompt.",
        )
    role, content = message.get("role"), text_of(message.get("content"))
    match role:
        case "system" | "developer":
            return {"role": "system", "content": content}
        case "user":
            return {"role": "user", "content": content}
        case "assistant":
            return {"role": "assistant", "content": "\n".join(part for part in (content, *_calls(message)) if part)}
        case "tool":
            name = names.get(str(message.get("tool_call_id")), "the function")
            return {"role": "user", "content": f"Result of {name}: {content}"}
        case "function":
            return {"role": "user", "content": f"Result of {message.get('name') or 'the function'}: {content}"}
    raise BadRequest(
        f"A message to the model has the unknown role {role!r}.",
        hint="Use system, user, assistant, tool or function as role.",
    )


def text_of(content: Any) -> str:
    """The text of a message's content: text, null, or a list of parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence):
        raise BadRequest(
            "A message's content is neither text nor a list of parts.", hint="Correct the messages of the prompt."
        )
    texts: list[str] = []
    for part in content:
        if isinstance(part, str):
            texts.append(part)
        elif (
            isinstance(part, Mapping)
            and part.get("type") in ("text", "input_text")
            and isinstance(part.get("text"), str)
        ):
            texts.append(part["text"])
        else:
            kind = part.get("type") if isinstance(part, Mapping) else type(part).__name__
            raise BadRequest(
                f"The model on this computer reads text only; the prompt holds {kind!r}.",
                hint="Take the image out, or choose a connection to a model that can see.",
            )
    return "\n".join(texts)


def _calls(message: Mapping[str, Any]) -> list[str]:
    calls = [call.get("function") for call in message.get("tool_calls") or () if isinstance(call, Mapping)]
    if message.get("function_call"):
        calls.append(message["function_call"])
    return [
        f"{call.get('name')}({call.get('arguments') if isinstance(call.get('arguments'), str) else json.dumps(call.get('arguments'))})"
        for call in calls
        if isinstance(call, Mapping)
    ]


def _call_names(messages: Sequence[Any]) -> dict[str, str]:
    """The function's name by the id of its call."""
    names: dict[str, str] = {}
    for message in messages:
        for call in (message.get("tool_calls") or ()) if isinstance(message, Mapping) else ():
            if isinstance(call, Mapping) and isinstance(call.get("function"), Mapping):
                names[str(call.get("id"))] = str(call["function"].get("name"))
    return names
