from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flowloom.flows.connections.kinds import OpenAIConnection
from flowloom.flows.errors import LimitExceeded
from flowloom.flows.services import ChatReply, ChatRequest
from flowloom.nodes.services import transport
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.retry import Failure
from flowloom.nodes.services.transport import sendable

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

HELLO = [{"role": "user", "content": "Hello"}]


def test_a_body_is_sent_as_it_is_unless_it_cannot() -> None:
    body = {"a": ["é", "\U0001f600"], "b": 1.5}
    assert sendable(body) is body
    assert sendable({"a": ["\ud83d"], "\udc00": "\ud83d\ude00"}) == {"a": ["�"], "�": "\U0001f600"}
    with pytest.raises(Failure, match="cannot be sent"):
        sendable({"a": float("inf")})


async def test_a_reply_without_end_is_not_read_to_its_end(
    openai_server: DemoServer, connection: OpenAIConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_BYTES", 100_000)
    openai_server.schedule("huge_chunk", "huge_chunk")
    with pytest.raises(LimitExceeded):
        await Chat().reply(ChatRequest(connection, "m", HELLO))
    with pytest.raises(LimitExceeded):
        async for _ in Chat().stream(ChatRequest(connection, "m", HELLO)):
            pass


async def test_a_service_that_answers_a_stream_in_one_piece(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]}
    openai_server.schedule({"status": 200, "body": whole})
    pieces = [piece async for piece in Chat().stream(ChatRequest(connection, "m", HELLO))]
    assert pieces[0].text == "Hi"  # type: ignore[union-attr]
    assert isinstance(pieces[-1], ChatReply)


async def test_connections_are_used_again_after_a_stream(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    chat = Chat()
    for _ in range(5):
        async for _piece in chat.stream(ChatRequest(connection, "m", HELLO)):
            pass
    assert openai_server.connected == 1
