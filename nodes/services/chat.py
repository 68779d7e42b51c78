"""The service ``chat``: asks a language model, again where that may help, and returns only replies that are complete
and checked.

Chat and plain completions (``prompt`` among the parameters), on connections of the kinds OpenAI, Azure OpenAI,
serverless and ``local``. Usage, price and attempts come with each reply."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import BadRequest
from flowloom.flows.services import ChatChunk, ChatReply, ChatRequest
from flowloom.nodes.services.attempts import Attempts, exchanged, running_root, running_service, spend, tell
from flowloom.nodes.services.deadlines import ON_THIS_COMPUTER, Deadlines
from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.replies import Assembly, check, is_json
from flowloom.nodes.services.retry import Failure, RetryPolicy

if TYPE_CHECKING:
    from flowloom.flows.engine.events import Usage
    from flowloom.nodes.services.transport import LocalTransport, Transport

_LIMITS = ("max_tokens", "max_completion_tokens", "max_new_tokens")


@dataclass(frozen=True, slots=True)
class Call:
    """One request, made ready: what is sent where, and what its reply must satisfy."""

    request: ChatRequest
    path: str
    body: dict[str, Any]
    limited: bool
    wants_json: str | None
    service: Service
    deadlines: Deadlines

    @classmethod
    def of(cls, request: ChatRequest, deadlines: Deadlines | None) -> Call:
        parameters = dict(request.parameters)
        completion = "prompt" in parameters
        connection = request.connection
        local = getattr(connection, "kind", None) == "local"
        own = connection.get("model") if local else None
        body: dict[str, Any] = {"model": own or request.model}
        if not completion:
            body["messages"] = [dict(message) for message in request.messages]
        body.update(parameters)
        return cls(
            request,
            "/completions" if completion else "/chat/completions",
            body,
            # Without a limit of one's own, plain completions end after 16 tokens: that is the API's way, and no failure.
            completion or any(body.get(name) is not None for name in _LIMITS),
            _wanted_json(body.get("response_format")),
            Service(_host(connection), getattr(connection, "name", None)),
            (deadlines or (ON_THIS_COMPUTER if local else Deadlines())).overridden(request.deadlines),
        )


def _wanted_json(form: Any) -> str | None:
    kind = form.get("type") if isinstance(form, Mapping) else None
    return kind if kind in ("json_object", "json_schema") else None


def _host(connection: Any) -> str:
    """Where the service is, with the port where the address names one: it tells servers on this computer apart."""
    if getattr(connection, "kind", "") == "local":
        return ""
    from urllib.parse import urlsplit

    host = getattr(connection, "host", None) or ""
    parts = urlsplit(str(connection.get("api_base") or connection.get("base_url") or ""))
    try:
        return f"{host}:{parts.port}" if host and parts.port else host
    except ValueError:
        return host


class Chat:
    """``policy`` says when to ask again, ``deadlines`` how long anything may take (None: as the kind of connection needs)."""

    def __init__(self, policy: RetryPolicy | None = None, deadlines: Deadlines | None = None) -> None:
        self.policy = policy or RetryPolicy()
        self.deadlines = deadlines
        self._without_options: set[str] = set()

    async def reply(self, request: ChatRequest) -> ChatReply:
        """The whole reply, asked for in one piece. Raises the errors under ModelError, ConnectionFault or
        LimitExceeded."""
        call = Call.of(request, self.deadlines)
        attempts = Attempts(self.policy, call.deadlines)
        while True:
            transport = self._transport(call, attempts)
            try:
                result = await transport.whole(call.path, {**call.body, "stream": False})
                return _checked(call, result, attempts)
            except Failure as failure:
                exchanged(call.body, None, time.perf_counter() - attempts.began, failure.error.message)
                await attempts.failed(failure)

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatChunk | ChatReply]:
        """The reply's pieces as they come, then the whole, the last item. Raises as ``reply`` does.

        A stream that breaks before anything of it was given is asked for again; afterwards it raises StreamBroken.
        """
        call = Call.of(request, self.deadlines)
        attempts = Attempts(self.policy, call.deadlines)
        options: dict[str, Any] = (
            {} if call.service.host in self._without_options else {"stream_options": {"include_usage": True}}
        )
        while True:
            transport = self._transport(call, attempts)
            assembly = Assembly(call.service)
            try:
                pieces = transport.pieces(call.path, {**options, **call.body, "stream": True})
                try:
                    async for piece in pieces:
                        for chunk in _chunks(assembly, piece, transport.shown):
                            transport.shown = True
                            yield chunk
                finally:
                    await pieces.aclose()  # pyright: ignore[reportAttributeAccessIssue]
                yield _checked(call, assembly.result(shown=transport.shown), attempts, shown=transport.shown)
                return
            except Failure as failure:
                if _knows_no_options(failure) and options.pop("stream_options", None):
                    self._without_options.add(call.service.host)
                    attempts.number += 1
                    continue
                exchanged(call.body, None, time.perf_counter() - attempts.began, failure.error.message)
                await attempts.failed(failure)

    def _transport(self, call: Call, attempts: Attempts) -> Transport | LocalTransport:
        from flowloom.nodes.services.transport import LocalTransport, Transport

        if call.request.connection.kind == "local":
            return LocalTransport(
                call.request.connection,
                call.service,
                call.deadlines,
                attempts.remaining,
                running_service("local_model"),
            )
        return Transport(call.request.connection, call.service, call.deadlines, attempts.remaining, self.policy.clock)


def _chunks(assembly: Assembly, piece: Any, shown: bool) -> list[ChatChunk]:
    from flowloom.nodes.services.transport import DONE

    if piece is DONE:
        assembly.done = True
        return []
    found = assembly.feed(piece, shown=shown)
    return [ChatChunk(text, channel, piece) for channel, text in found]


def _knows_no_options(failure: Failure) -> bool:
    """Whether the service refused the request only because it does not know ``stream_options``, as older ones do
    not."""
    return isinstance(failure.error, BadRequest) and "stream_options" in (failure.error.detail or "")


def _checked(call: Call, result: Any, attempts: Attempts, *, shown: bool = False) -> ChatReply:
    """The reply, if it counts. What a reply that does not count has cost is told to the run all the same."""
    try:
        message, outcome = check(result, call.service, limited=call.limited, wants_json=call.wants_json, shown=shown)
    except Failure:
        if isinstance(result, Mapping) and isinstance(result.get("usage"), Mapping):
            spend(_usage(call, result))
        raise
    if call.wants_json == "json_object" and outcome == "stop" and not is_json(message["content"]):
        tell("The reply is not the JSON that was asked for.")
    usage = _usage(call, result)
    exchanged(call.body, result, time.perf_counter() - attempts.began)
    choices = [dict(choice) for choice in result["choices"]]
    return ChatReply(
        message=message,
        outcome=outcome,
        usage=usage,
        model=usage.model or call.request.model,
        seconds=time.perf_counter() - attempts.began,
        attempts=attempts.number,
        choices=choices,
        logprobs=choices[0].get("logprobs"),
        raw=result,
    )


def _usage(call: Call, result: Mapping[str, Any]) -> Usage:
    from flowloom.nodes.services.prices import usage_of

    named = result.get("model")
    model = named if isinstance(named, str) and named else call.request.model
    return usage_of(result.get("usage"), model, root=running_root(), free=call.request.connection.kind == "local")
