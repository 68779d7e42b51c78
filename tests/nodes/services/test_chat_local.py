"""The chat service on a connection of the kind local: the same checks, no price, no retries over a network."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.connections.kinds import LocalConnection
from flowloom.flows.errors import MalformedReply, StreamBroken
from flowloom.flows.services import ChatChunk, ChatReply, ChatRequest
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.retry import RetryPolicy


def ask(connection: LocalConnection) -> ChatRequest:
    return ChatRequest(connection, "gpt-4o", [{"role": "user", "content": "Hello"}])


async def collect(chat: Chat, request: ChatRequest) -> tuple[list[ChatChunk], ChatReply]:
    *chunks, reply = [piece async for piece in chat.stream(request)]
    assert isinstance(reply, ChatReply)
    return [chunk for chunk in chunks if isinstance(chunk, ChatChunk)], reply


class Embedded:
    """A model on this computer, as the service ``local_model`` is: objects in OpenAI's shape."""

    def __init__(self, **choice: Any) -> None:
        self.choice = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop", **choice}

    async def chat(self, body: dict[str, Any]) -> dict[str, Any]:
        usage = {"prompt_tokens": 1, "completion_tokens": 1}
        return {"choices": [self.choice], "usage": usage, "model": body["model"]}

    async def stream(self, body: dict[str, Any]) -> Any:
        for text in ("H", "i"):
            yield {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        yield {"choices": [{"index": 0, "delta": {}, "finish_reason": self.choice["finish_reason"]}]}
        yield {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}


async def test_the_model_on_this_computer_is_free_and_checked_alike() -> None:
    from flowloom.flows.node.registry import default_registry

    local = LocalConnection(name="local")
    dispose = default_registry().register_service("local_model", Embedded())
    try:
        reply = await Chat().reply(ask(local))
        assert (reply.message["content"], reply.usage.price) == ("Hi", 0.0)
        assert reply.model == "gpt-4o"
        chosen = await Chat().reply(ask(LocalConnection(model="/models/mine.gguf", name="mine")))
        assert chosen.model == "/models/mine.gguf"
        chunks, streamed = await collect(Chat(), ask(local))
        assert [chunk.text for chunk in chunks] == ["H", "i"]
        assert streamed.usage.total_tokens == 3
    finally:
        dispose()
    dispose = default_registry().register_service("local_model", Embedded(finish_reason=None))
    try:
        with pytest.raises(MalformedReply):
            await Chat().reply(ask(local))
        with pytest.raises(StreamBroken):
            await collect(Chat(RetryPolicy(attempts=1)), ask(local))
    finally:
        dispose()
