from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from flowloom.flows.connections.kinds import OpenAIConnection
from flowloom.flows.services import ChatRequest
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.demo_server.latency import Latency

if TYPE_CHECKING:
    from conftest import SkippingClock

    from flowloom.nodes.services.demo_server.server import DemoServer


def request(connection: OpenAIConnection, number: int) -> ChatRequest:
    return ChatRequest(connection, "gpt-4o", [{"role": "user", "content": f"Question {number}"}])


async def test_as_many_connections_as_requests_at_a_time_and_no_more(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    openai_server.latency = Latency(first=0.2)
    chat = Chat()
    for _ in range(3):
        await asyncio.gather(*[chat.reply(request(connection, number)) for number in range(40)])
        assert openai_server.connected == 40
    openai_server.latency = Latency()
    for number in range(20):
        await chat.reply(request(connection, number))
    assert openai_server.connected == 40


async def test_every_call_ends_and_the_ledger_agrees_however_many_fail(
    openai_server: DemoServer, connection: OpenAIConnection, clock: SkippingClock
) -> None:
    openai_server.unleash(
        0.2, ["status_500", "status_429", "reset_before", "close_within", "html_200", "finish_length"]
    )
    chat, limit = Chat(clock.policy()), asyncio.Semaphore(50)

    async def one(number: int) -> tuple[str, int]:
        from flowloom.flows.errors import ModelError

        async with limit:
            try:
                reply = await chat.reply(request(connection, number))
                assert f'"Question {number}"' in reply.message["content"]
                return "completed", reply.attempts
            except ModelError as error:
                return error.kind, error.attempts

    ended = await asyncio.gather(*[one(number) for number in range(500)])
    assert sum(attempts for _, attempts in ended) == openai_server.ledger.total
    assert len(clock.waits) == openai_server.ledger.total - 500
    kinds = {kind for kind, _ in ended}
    assert (
        {"completed", "malformed_reply", "length"}
        <= kinds
        <= {"completed", "malformed_reply", "length", "unavailable", "rate_limit", "stream_broken"}
    )
    assert sum(kind == "completed" for kind, _ in ended) > 400


async def test_the_proxy_this_computer_is_set_to_use_is_used(
    openai_server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in sees the request a proxy gets: one with a whole address in its first line."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", openai_server.address)
    connection = OpenAIConnection(api_key="k" * 10, base_url="http://models.example/v1", name="c")
    with pytest.raises(Exception, match=r"HTTP 403"):
        await Chat().reply(request(connection, 1))
