"""One call of a prompty: the connection its settings mean, the request, and the result in prompt flow's form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import ConnectionFault, MalformedReply, OutputError
from flowloom.flows.services import ChatChunk, ChatReply, ChatRequest
from flowloom.nodes.prompt.prompty_file import PromptyFile
from flowloom.nodes.services.functions import check_functions, check_tools

if TYPE_CHECKING:
    from flowloom.flows.node.context import Context

_TYPES: Mapping[str, str] = {"azure_openai": "azure_open_ai", "openai": "open_ai"}
_NO_SETTINGS = ("azure_deployment", "model", "type", "connection")


def connection_of(prompty: PromptyFile, find: Callable[[str], Any]) -> Any:
    """The connection a prompty asks; ``find`` gives one by its name. Raises ConnectionFault where its settings name none, or two."""
    written: Any = prompty.model.get("configuration")
    settings = dict(written) if isinstance(written, Mapping) else dict(vars(written)) if written is not None else {}
    connection = settings.get("connection")
    values = {key: value for key, value in settings.items() if key not in _NO_SETTINGS and not key.startswith("_") and value}
    if connection:
        if values:
            raise ConnectionFault(
                f"The prompty '{prompty.name}' names a connection and also {', '.join(sorted(values))}.",
                hint="Keep the connection, or the settings.",
                field="model.configuration",
            )
        return find(connection) if isinstance(connection, str) else connection
    kind = settings.get("type") or getattr(written, "_type", None)
    if not kind:
        raise ConnectionFault(
            f"The prompty '{prompty.name}' does not say which model to ask.",
            hint="Write model.configuration with type: openai or azure_openai, or connection: the name of one.",
            field="model.configuration",
        )
    return _made(_TYPES.get(str(kind), str(kind)), values, prompty)


def _made(kind: str, values: Mapping[str, Any], prompty: PromptyFile) -> Any:
    from flowloom.flows.connections.registry import kind_class

    cls: Any = kind_class(kind)
    if kind == "azure_open_ai" and "api_base" not in values and "azure_endpoint" in values:
        values = {**values, "api_base": values["azure_endpoint"]}
    if not values and hasattr(cls, "from_env"):
        return cls.from_env(name=prompty.name)
    return cls(name=prompty.name, **values)


def model_of(prompty: PromptyFile) -> str:
    """The deployment's or model's name; empty where the settings name none."""
    written: Any = prompty.model.get("configuration")
    settings = written if isinstance(written, Mapping) else vars(written) if written is not None else {}
    return str(settings.get("azure_deployment") or settings.get("model") or "")


def request_of(prompty: PromptyFile, given: Mapping[str, Any], connection: Any) -> ChatRequest:
    """The request of one call. Raises InputError, TemplateError, or BadRequest for tools no model could call."""
    parameters = dict(prompty.model.get("parameters") or {})
    if parameters.get("tools"):
        check_tools(parameters["tools"])
        parameters.setdefault("tool_choice", "auto")
    elif parameters.get("functions"):
        check_functions(parameters["functions"])
        parameters.setdefault("function_call", "auto")
    filled = prompt_of(prompty, given)
    if isinstance(filled, str):
        return ChatRequest(connection, model_of(prompty), (), {**parameters, "prompt": filled})
    return ChatRequest(connection, model_of(prompty), filled, parameters)


def prompt_of(prompty: PromptyFile, given: Mapping[str, Any]) -> str | list[dict[str, Any]]:
    """The filled prompt: messages, or text where ``api`` is completion."""
    from flowloom.flows.engine.prompt import build_messages
    from flowloom.flows.engine.render import render

    variables = prompty.variables(given)
    if prompty.model.get("api") == "completion":
        return render(prompty.template, variables)
    return build_messages(prompty.template, variables, tuple(variables), vision=True)


async def call(prompty: PromptyFile, given: Mapping[str, Any], connection: Any, context: Context) -> Any:
    """Ask the model once. Returns text, an object (``json_object``), the message where the model calls tools, an async iterator over
    text where ``stream`` is among the parameters, or with ``response: all`` the whole reply as a ChatReply.

    Raises the errors under ModelError, ConnectionFault, InputError, TemplateError or OutputError.
    """
    request = request_of(prompty, given, connection)
    streams = bool(request.parameters.get("stream"))
    parameters = {key: value for key, value in request.parameters.items() if key != "stream"}
    request = ChatRequest(request.connection, request.model, request.messages, parameters)
    service = context.service("chat")
    wants_all = prompty.model.get("response") == "all"
    if streams and not wants_all and not _wants_json(parameters):
        return _pieces(service, request, context)
    shows = context.wants_stream and not wants_all and parameters.get("n") in (None, 1)
    reply = await (_whole_stream(service, request, context) if shows or streams else service.reply(request))
    _record(reply, context)
    return reply if wants_all else result_of(prompty, reply, parameters)


def result_of(prompty: PromptyFile, reply: ChatReply, parameters: Mapping[str, Any]) -> Any:
    """The first choice in the form the prompty asks for."""
    if reply.outcome == "tool_calls":
        return dict(reply.message)
    content = reply.message.get("content")
    return _cut(prompty, content) if _wants_json(parameters) else content


def choices_of(prompty: PromptyFile, reply: ChatReply) -> list[Any]:
    """Every choice of a reply: its text, or its message where it calls tools."""
    found: list[Any] = []
    for choice in reply.choices:
        message = choice.get("message")
        content = message.get("content") if isinstance(message, Mapping) else choice.get("text")
        found.append(message if content is None and isinstance(message, Mapping) else content)
    return found


def _wants_json(parameters: Mapping[str, Any]) -> bool:
    form = parameters.get("response_format")
    return isinstance(form, Mapping) and form.get("type") == "json_object"


def _cut(prompty: PromptyFile, content: Any) -> Any:
    try:
        found = json.loads(content)
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedReply("The model's reply is not JSON, though it was asked for it.", hint="Ask again, or ask for text.") from error
    if not prompty.outputs:
        return found
    missing = [key for key in prompty.outputs if not isinstance(found, Mapping) or key not in found]
    if missing:
        raise OutputError(
            f"The model's reply lacks {', '.join(repr(key) for key in missing)}, which is among the outputs of '{prompty.name}'.",
            hint="Tell the model in the prompt which keys to give.",
            field=str(missing[0]),
        )
    return {key: found[key] for key in prompty.outputs}


async def _pieces(service: Any, request: ChatRequest, context: Context) -> AsyncIterator[str]:
    async for piece in service.stream(request):
        if isinstance(piece, ChatReply):
            _record(piece, context)
        elif isinstance(piece, ChatChunk) and piece.channel == "output" and piece.text:
            yield piece.text


async def _whole_stream(service: Any, request: ChatRequest, context: Context) -> ChatReply:
    """The reply of a stream, its pieces shown as they come."""
    reply: ChatReply | None = None
    async for piece in service.stream(request):
        if isinstance(piece, ChatReply):
            reply = piece
        else:
            context.stream(piece.text, piece.channel)
    assert reply is not None, "the chat service ends a stream with a reply or an error"
    return reply


def _record(reply: ChatReply, context: Context) -> None:
    context.usage(reply.usage)
    if reply.outcome == "length":
        context.outcome("length")
