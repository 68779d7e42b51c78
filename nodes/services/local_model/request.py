"""A chat-completion body made ready for the model's process: what is passed on, what is constrained, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.catalogue import Chosen
from flowloom.nodes.services.local_model.messages import plain_messages
from flowloom.nodes.services.local_model.schema import ANY_OBJECT, constrain
from flowloom.nodes.services.local_model.tools import Toolbox, toolbox

_PASSED_ON: Final = (
    *("temperature", "top_p", "top_k", "min_p", "seed", "stop", "logit_bias", "logprobs", "top_logprobs"),
    *("presence_penalty", "frequency_penalty", "repeat_penalty", "repeat_last_n"),
)
"""What the model understands. The rest of a body, such as ``user`` or ``store``, means nothing to it and is left out."""

MOST_TOKENS: Final = 2048
"""Where a request names no ``max_tokens``: a small model may well not find an end by itself."""
MOST_CHOICES: Final = 16


@dataclass(frozen=True, slots=True)
class Request:
    """``parameters`` go to the model as they are; ``schema`` is what the reply's JSON must keep, None for free text."""

    messages: tuple[Mapping[str, str], ...]
    parameters: Mapping[str, Any]
    schema: Mapping[str, Any] | None
    tools: Toolbox | None
    choices: int
    original: tuple[Mapping[str, Any], ...]

    def body(self, **changes: Any) -> dict[str, Any]:
        """The body of one call to the model's process."""
        return {"messages": list(self.messages), **self.parameters, **changes}


def prepare(body: Mapping[str, Any], chosen: Chosen) -> Request:
    """Raises BadRequest for what the model cannot do."""
    given = {key: value for key, value in body.items() if value is not None}
    messages = plain_messages(given.get("messages"))
    parameters: dict[str, Any] = {key: given[key] for key in _PASSED_ON if key in given}
    if chosen.model is not None:
        parameters.setdefault("temperature", chosen.model.temperature)
        parameters.setdefault("top_p", chosen.model.top_p)
    limit = given.get("max_completion_tokens", given.get("max_tokens"))
    parameters["max_tokens"] = MOST_TOKENS if limit is None else _whole(limit, "max_tokens", 1, 1_000_000)
    # A prompt that was partly read before is read in other pieces, which can tip a close decision: whoever asks for the same reply
    # every time gets it, and pays for reading the prompt afresh.
    parameters["cache_prompt"] = "seed" not in given and parameters.get("temperature") != 0
    return Request(
        messages=tuple(messages),
        parameters=parameters,
        schema=_schema(given.get("response_format")),
        tools=toolbox(given),
        choices=_whole(given.get("n", 1), "n", 1, MOST_CHOICES),
        original=tuple(given["messages"]),
    )


def _schema(response_format: Any) -> Mapping[str, Any] | None:
    if response_format is None:
        return None
    kind = response_format.get("type") if isinstance(response_format, Mapping) else None
    match kind:
        case "text":
            return None
        case "json_object":
            return constrain(response_format.get("schema") or ANY_OBJECT)
        case "json_schema":
            written = response_format.get("json_schema")
            return constrain(written.get("schema") if isinstance(written, Mapping) else None)
    raise BadRequest(
        "The response_format of the request has no type that the model on this computer knows.",
        hint='Use {"type": "json_schema", "json_schema": {...}}, {"type": "json_object"} or {"type": "text"}.',
        field="response_format",
    )


def _whole(value: Any, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadRequest(f"{name} is {value!r}.", hint=f"Give a whole number from {least} to {most:,}.", field=name)
    return value
