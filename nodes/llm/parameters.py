"""What a model node may be given besides its template's variables, and how that becomes a request.

The names, types and defaults are prompt flow's, so that the same node sends the same request: source promptflow-tools
``openai.py``, ``aoai.py``, ``llm.py``, ``llm_vision.py``, checked by running them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flowloom.flows.errors import BadRequest
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.node.spec import Port
from flowloom.nodes.services import functions

Speech = Literal["azure", "openai"]
"""Which of the two ways of asking a connection has: Azure names deployments, all others name models."""

EXTRA = "extra_parameters"

CHAT: Mapping[str, str] = {
    "model": "string",
    "deployment_name": "string",
    "temperature": "double",
    "top_p": "double",
    "n": "any",
    "stream": "bool",
    "stop": "list",
    "max_tokens": "int",
    "presence_penalty": "double",
    "frequency_penalty": "double",
    "logit_bias": "object",
    "user": "string",
    "function_call": "object",
    "functions": "list",
    "tool_choice": "object",
    "tools": "list",
    "response_format": "object",
    "seed": "int",
}
COMPLETION: Mapping[str, str] = {
    "model": "string",
    "deployment_name": "string",
    "suffix": "string",
    "max_tokens": "int",
    "temperature": "double",
    "top_p": "double",
    "n": "int",
    "stream": "bool",
    "logprobs": "int",
    "echo": "bool",
    "stop": "list",
    "presence_penalty": "double",
    "frequency_penalty": "double",
    "best_of": "int",
    "logit_bias": "object",
    "user": "string",
}
_NOT_OF: Mapping[tuple[str, str], frozenset[str]] = {
    ("chat", "openai"): frozenset({"deployment_name", "n"}),
    ("chat", "azure"): frozenset({"model"}),
    ("completion", "openai"): frozenset({"deployment_name"}),
    ("completion", "azure"): frozenset({"model"}),
}
"""Names that are parameters only of the other way of asking: here they are variables of the template."""

_WORDS: Mapping[str, str] = {
    "model": "The model's name, for connections other than Azure",
    "deployment_name": "The deployment's name, for connections to Azure",
    "temperature": "How freely the model chooses its words: 0 always takes the likeliest",
    "top_p": "Only the likeliest words that together have this share are considered",
    "stop": "Texts at which the reply ends",
    "max_tokens": "The longest reply, in tokens; a reply cut off there counts",
    "presence_penalty": "Above 0: fewer words that were used before",
    "frequency_penalty": "Above 0: fewer words that were used often",
    "logit_bias": "More or less of chosen tokens, by their numbers",
    "functions": "Functions the model may call (older form of tools)",
    "function_call": "Which function to call: auto, none, or one by name",
    "tools": "Tools the model may call",
    "tool_choice": "Which tool to call: auto, none, or one by name",
    "response_format": "text, json_object, or a JSON schema the reply must satisfy",
    "seed": "The same seed and request give the same reply, as far as the service can",
    "user": "An id of the end user, for the service's own checks",
    "stream": "Hand the reply on piece by piece",
    "n": "How many replies to ask for; the first is the output",
    "suffix": "Text that follows what the model is to insert",
    "echo": "Put the prompt before the reply",
    "best_of": "Choose the best of that many replies",
    "logprobs": "Report the likeliest tokens at each place",
    "detail": "How closely images are looked at",
    "api": "chat or completion",
    EXTRA: "Further parameters of the service, merged into the request as they are",
}


def parameter_ports(types: Mapping[str, str]) -> dict[str, Port]:
    """A setting for each parameter."""
    ranges = {
        "temperature": (0.0, 2.0),
        "top_p": (0.0, 1.0),
        "presence_penalty": (-2.0, 2.0),
        "frequency_penalty": (-2.0, 2.0),
    }
    ports = {}
    for name, kind in {**types, EXTRA: "object"}.items():
        least, most = ranges.get(name, (None, None))
        ports[name] = Port(
            name, kind, required=False, description=_WORDS.get(name, ""), minimum=least, maximum=most, is_setting=True
        )
    return ports


def parameters_of(api: Literal["chat", "completion"], speech: Speech) -> frozenset[str]:
    """The names that are parameters of an LLM node, and so may not be variables of its template."""
    types = CHAT if api == "chat" else COMPLETION
    return frozenset(types) - _NOT_OF[api, speech]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in parts: ``parameters`` go into its body. ``as_message`` makes the output the message rather than
    its text."""

    model: str
    parameters: Mapping[str, Any]
    stream: bool = False
    as_message: bool = False
    logprobs: bool = False


@dataclass(frozen=True, slots=True)
class Flavour:
    """How values become a request. ``defaults`` apply where a value is not given."""

    defaults: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    vision: bool = False


def chat_request(given: Mapping[str, Any], speech: Speech, flavour: Flavour) -> Asked:
    """The parameters of a chat request. Raises BadRequest where one cannot be sent."""
    values = {**flavour.defaults, **given}
    stream = _truth(values.get("stream"))
    body: dict[str, Any] = {"temperature": values.get("temperature", 1.0), "top_p": values.get("top_p", 1.0)}
    if flavour.vision:
        body["n"] = 1
    elif speech == "azure":
        body["n"] = _number("n", values.get("n", 1), int)
    if not flavour.vision:
        body.update(_calls(values, speech, stream))
    for name in ("stop", "logit_bias", "response_format", "user"):
        if values.get(name):
            body[name] = values[name]
    for name in ("presence_penalty", "frequency_penalty", "seed"):
        if values.get(name) is not None:
            body[name] = values[name]
    most = values.get("max_tokens")
    if most is not None and str(most).lower() != "inf":
        body["max_tokens"] = _number("max_tokens", most, int)
    extra = _extra(given)
    as_message = bool(values.get("functions") or values.get("tools")) and not flavour.vision
    return Asked(_model(values, speech), {**body, **extra}, stream, as_message, bool(extra.get("logprobs")))


def completion_request(given: Mapping[str, Any], prompt: str, speech: Speech, flavour: Flavour) -> Asked:
    """The parameters of a plain completion. Raises BadRequest where one cannot be sent."""
    values = {"max_tokens": 16, "model": "text-davinci-003", **flavour.defaults, **given}
    body: dict[str, Any] = {
        "prompt": prompt,
        "suffix": values.get("suffix") or None,
        "max_tokens": _number("max_tokens", values["max_tokens"], int),
        "temperature": _number("temperature", values.get("temperature", 1.0), float),
        "top_p": _number("top_p", values.get("top_p", 1.0), float),
        "n": _number("n", values.get("n", 1), int),
        "logprobs": _number("logprobs", values.get("logprobs") or None, int),
        "echo": _truth(values.get("echo")),
        "stop": values.get("stop") or None,
        "best_of": _number("best_of", values.get("best_of", 1), int),
        "logit_bias": values.get("logit_bias") or {},
        "user": values.get("user", ""),
    }
    for name in ("presence_penalty", "frequency_penalty"):
        value = values.get(name)
        if speech == "openai":
            body[name] = _number(name, value, float)
        elif value is not None:
            body[name] = value
    extra = _extra(given)
    return Asked(_model(values, speech), {**body, **extra}, _truth(values.get("stream")))


def _calls(values: Mapping[str, Any], speech: Speech, stream: bool) -> dict[str, Any]:
    """Tools, or else functions, with the choice among them."""
    if values.get("tools"):
        if speech == "openai":
            return {"tools": values["tools"], "tool_choice": values.get("tool_choice")}
        functions.check_tools(values["tools"])
        return {"tools": values["tools"], "tool_choice": functions.tool_choice(values.get("tool_choice"))}
    if stream and values.get("functions") is not None:
        raise BadRequest(
            "Functions cannot be called in a stream.",
            hint="Use tools instead of functions, or take 'stream' away.",
            field="functions",
        )
    if not values.get("functions"):
        return {}
    functions.check_functions(values["functions"])
    return {"functions": values["functions"], "function_call": functions.function_choice(values.get("function_call"))}


def _model(values: Mapping[str, Any], speech: Speech) -> str:
    name = values.get("deployment_name" if speech == "azure" else "model") or ""
    return str(getattr(name, "value", name))


def _extra(given: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = given.get(EXTRA)
    if extra is None or extra == "":
        return {}
    if not isinstance(extra, Mapping):
        raise BadRequest(
            'extra_parameters must be an object, such as {"reasoning_effort": "low"}.',
            hint="Write it as YAML or JSON.",
            field=EXTRA,
        )
    return extra


def _number(name: str, value: Any, kind: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    try:
        return kind(value)
    except (TypeError, ValueError, OverflowError):
        words = "a whole number" if kind is int else "a number"
        raise BadRequest(
            f"'{name}' must be {words}, not {str(value)[:60]!r}.",
            hint=f"Change what is given for '{name}'.",
            field=name,
        ) from None


def _truth(value: Any) -> bool:
    return str(value).lower() == "true"
