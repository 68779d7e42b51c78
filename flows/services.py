"""What flows expect of services that node packages register by entry point ``flowloom.services``.

A service is made once a process by calling its entry point without arguments, and is looked up by name with
``flowloom.flows.node.registry.service(name)`` or ``ctx.service(name)``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import EMPTY


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request to a chat or completion endpoint. ``parameters`` go into the body as they are, checked by the caller."""

    connection: Any
    model: str
    messages: Sequence[Mapping[str, Any]]
    parameters: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    deadlines: Mapping[str, float] = field(default_factory=lambda: EMPTY)
    """Overrides of the deadlines in seconds: ``connect``, ``first_token``, ``between_tokens``, ``total``."""


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of a reply: ``text`` to show, ``raw`` the chunk as the service sent it."""

    text: str
    channel: str = "output"
    raw: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class ChatReply:
    """A whole, checked reply. ``message`` has the keys prompt flow gives: content, refusal, role, annotations, audio,
    function_call, tool_calls. ``outcome`` is ``stop``, ``tool_calls``, ``function_call`` or ``length``."""

    message: Mapping[str, Any]
    outcome: str
    usage: Usage
    model: str
    seconds: float
    attempts: int = 1
    choices: Sequence[Mapping[str, Any]] = ()
    logprobs: Any = None
    raw: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


class ChatService(Protocol):
    """Raises the classes under ModelError; retries and deadlines are its own."""

    async def reply(self, request: ChatRequest) -> ChatReply: ...

    def stream(self, request: ChatRequest) -> AsyncIterator[ChatChunk | ChatReply]:
        """Chunks as they come, then one ChatReply, the last item."""
        ...


class EmbeddingService(Protocol):
    async def embed(self, connection: Any, model: str, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """One vector a text, in order; every vector has the model's dimension."""
        ...
