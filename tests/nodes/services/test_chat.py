"""The chat service over real connections: whole and streamed replies, checks, retries with real waits, clean ends."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.connections.kinds import (
    AzureOpenAIConnection,
    CustomConnection,
    OpenAIConnection,
    ServerlessConnection,
)
from flowloom.flows.engine.events import Usage
from flowloom.flows.errors import (
    ConnectionFault,
    MalformedReply,
    ReplyCutOff,
    ServiceUnavailable,
    StreamBroken,
)
from flowloom.flows.node.context import running
from flowloom.flows.services import ChatChunk, ChatReply, ChatRequest
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.deadlines import Deadlines

if TYPE_CHECKING:
    from conftest import SkippingClock

    from flowloom.nodes.services.demo_server.server import DemoServer

HELLO = [{"role": "user", "content": "Hello"}]
WEATHER = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def ask(connection: Any, messages: Any = HELLO, **parameters: Any) -> ChatRequest:
    return ChatRequest(connection, "gpt-4o", messages, parameters)


async def collect(chat: Chat, request: ChatRequest) -> tuple[list[ChatChunk], ChatReply]:
    pieces = [piece async for piece in chat.stream(request)]
    reply = pieces[-1]
    assert isinstance(reply, ChatReply)
    chunks = [piece for piece in pieces[:-1] if isinstance(piece, ChatChunk)]
    assert len(chunks) == len(pieces) - 1
    return chunks, reply


@pytest.mark.parametrize("kind", ["open_ai", "azure_open_ai", "serverless"])
async def test_a_stream_ends_with_what_the_whole_reply_is(kind: str, openai_server: DemoServer) -> None:
    key = "demo-key-0123456789"
    connection = {
        "open_ai": OpenAIConnection(api_key=key, base_url=openai_server.base_url, name="c"),
        "azure_open_ai": AzureOpenAIConnection(api_key=key, api_base=openai_server.address, name="c"),
        "serverless": ServerlessConnection(api_key=key, api_base=openai_server.address, name="c"),
    }[kind]
    chat = Chat()
    whole = await chat.reply(ask(connection))
    chunks, streamed = await collect(chat, ask(connection))
    assert "".join(chunk.text for chunk in chunks) == streamed.message["content"] == whole.message["content"]
    assert len(chunks) > 3
    assert (whole.outcome, whole.usage, whole.model) == (streamed.outcome, streamed.usage, streamed.model)
    assert whole.outcome == "stop"
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens > 0
    assert whole.usage.price is not None
    assert whole.usage.price > 0
    path = "/openai/deployments/gpt-4o/chat/completions" if kind == "azure_open_ai" else "/v1/chat/completions"
    assert {attempt.path for attempt in openai_server.ledger.attempts()} == {path}


async def test_tool_calls_are_put_together_from_pieces(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    calls = [
        {"id": "call_a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}},
        {"id": "call_b", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Rome"}'}},
    ]
    openai_server.rules.add({"contains": "Hello", "reply": {"tool_calls": calls}})
    chat = Chat()
    request = ask(connection, tools=[{"type": "function", "function": WEATHER}])
    whole = await chat.reply(request)
    _, streamed = await collect(chat, request)
    assert whole.outcome == streamed.outcome == "tool_calls"
    assert whole.message["tool_calls"] == calls == streamed.message["tool_calls"]
    assert list(whole.message) == ["content", "refusal", "role", "annotations", "audio", "function_call", "tool_calls"]


async def test_a_call_asked_for_by_name_counts_as_a_call(connection: OpenAIConnection) -> None:
    choice = {"type": "function", "function": {"name": "get_weather"}}
    reply = await Chat().reply(ask(connection, tools=[{"type": "function", "function": WEATHER}], tool_choice=choice))
    assert reply.outcome == "tool_calls"
    older = await Chat().reply(ask(connection, functions=[WEATHER], function_call={"name": "get_weather"}))
    assert older.outcome == "function_call"
    assert older.message["function_call"]["name"] == "get_weather"


async def test_thinking_goes_through_a_channel_of_its_own(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    openai_server.rules.add({"contains": "Hello", "reply": {"reasoning_content": "Let me think.", "content": "Hi."}})
    chunks, reply = await collect(Chat(), ask(connection))
    assert "".join(chunk.text for chunk in chunks if chunk.channel == "thinking") == "Let me think."
    assert "".join(chunk.text for chunk in chunks if chunk.channel == "output") == "Hi." == reply.message["content"]


async def test_logprobs_come_with_the_reply(connection: OpenAIConnection) -> None:
    request = ask(connection, logprobs=True, top_logprobs=2)
    whole = await Chat().reply(request)
    _, streamed = await collect(Chat(), request)
    tokens = [entry["token"] for entry in whole.logprobs["content"]]
    assert "".join(tokens) == whole.message["content"]
    assert streamed.logprobs["content"] == whole.logprobs["content"]


async def test_several_choices_are_all_there(connection: OpenAIConnection) -> None:
    whole = await Chat().reply(ask(connection, n=3))
    _, streamed = await collect(Chat(), ask(connection, n=3))
    texts = [choice["message"]["content"] for choice in whole.choices]
    assert len(set(texts)) == 3
    assert [choice["message"]["content"] for choice in streamed.choices] == texts


async def test_a_limit_that_was_asked_for_is_no_failure(connection: OpenAIConnection) -> None:
    chat = Chat()
    for parameters in ({"max_tokens": 3}, {"max_completion_tokens": 3}):
        reply = await chat.reply(ask(connection, **parameters))
        assert reply.outcome == "length"
        assert reply.message["content"] == "Demo reply to"
    with pytest.raises(ReplyCutOff):
        await chat.reply(
            ask(
                connection,
                [{"role": "user", "content": "as json"}],
                max_tokens=3,
                response_format={"type": "json_object"},
            )
        )


async def test_a_schema_is_kept_to_or_the_reply_refused(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    import json

    schema = {"type": "object", "properties": {"label": {"enum": ["good", "bad"]}}, "required": ["label"]}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    reply = await Chat().reply(ask(connection, response_format=form))
    assert json.loads(reply.message["content"])["label"] in ("good", "bad")
    openai_server.rules.add({"contains": "Hello", "reply": "It is good"})
    with pytest.raises(MalformedReply):
        await Chat().reply(ask(connection, response_format=form))


async def test_what_does_not_count_is_paid_all_the_same(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    told: list[str] = []
    spent: list[Usage] = []

    class Running:
        root = "/nowhere"

        def log(self, text: str, level: str = "info") -> None:
            told.append(text)

        def usage(self, usage: Usage) -> None:
            spent.append(usage)

    token = running.set(Running())  # type: ignore[arg-type]
    try:
        openai_server.rules.add({"contains": "cut", "reply": {"content": "Half a", "finish_reason": "length"}})
        with pytest.raises(ReplyCutOff):
            await Chat().reply(ask(connection, [{"role": "user", "content": "cut"}]))
        assert [usage.calls for usage in spent] == [1]
        assert spent[0].price is not None
        openai_server.rules.add({"contains": "as json", "reply": "no"})
        form = {"type": "json_object"}
        await Chat().reply(ask(connection, [{"role": "user", "content": "as json"}], response_format=form))
        assert told == ["The reply is not the JSON that was asked for."]
    finally:
        running.reset(token)


async def test_waits_the_service_asks_for_are_kept_in_real_time(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    for fault, least in (
        (("429_fraction"), 0.25),
        ({"name": "429_milliseconds", "headers": {"retry-after-ms": "300"}}, 0.3),
    ):
        openai_server.reset()
        openai_server.schedule(fault)
        reply = await Chat().reply(ask(connection))
        assert reply.attempts == 2
        (wait,) = openai_server.ledger.waits()
        assert least <= wait < least * 1.1 + 0.5


async def test_an_absurd_wait_is_told_rather_than_waited(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    openai_server.schedule("429_absurd")
    with pytest.raises(Exception, match="asks to wait 24 hours") as raised:
        await Chat().reply(ask(connection))
    assert raised.value.attempts == 1  # type: ignore[attr-defined]


async def test_a_wait_longer_than_the_total_deadline_is_not_begun(
    openai_server: DemoServer, connection: OpenAIConnection, clock: SkippingClock
) -> None:
    openai_server.schedule({"name": "429_seconds", "headers": {"retry-after": "50"}})
    with pytest.raises(Exception, match="asks to wait 50 seconds"):
        await Chat(clock.policy(), Deadlines(total=40)).reply(ask(connection))
    assert clock.waits == []


async def test_a_stream_that_broke_before_anything_was_shown_is_asked_again(
    openai_server: DemoServer, connection: OpenAIConnection, clock: SkippingClock
) -> None:
    openai_server.schedule("close_after_head")
    chunks, reply = await collect(Chat(clock.policy()), ask(connection))
    assert reply.attempts == 2
    assert "".join(chunk.text for chunk in chunks) == reply.message["content"]


async def test_a_stream_that_broke_afterwards_is_not(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    openai_server.schedule("close_within")
    shown: list[str] = []

    async def watch() -> None:
        async for piece in Chat().stream(ask(connection)):
            shown.append(piece.text if isinstance(piece, ChatChunk) else "whole")

    with pytest.raises(StreamBroken):
        await watch()
    assert shown
    assert "whole" not in shown
    assert openai_server.ledger.total == 1


async def test_a_service_without_stream_options_still_streams(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    refusal = {
        "error": {"message": "Unrecognized request argument supplied: stream_options", "type": "invalid_request_error"}
    }
    openai_server.schedule({"status": 400, "body": refusal})
    chat = Chat()
    _, reply = await collect(chat, ask(connection))
    assert reply.message["content"]
    assert reply.usage.price is None, "the tokens are not known, so the price is not"
    await collect(chat, ask(connection))
    bodies = openai_server.ledger.bodies()
    assert ["stream_options" in body for body in bodies] == [True, False, False]


async def test_nothing_listens_there(clock: SkippingClock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    connection = OpenAIConnection(api_key="k", base_url=f"http://127.0.0.1:{port}/v1", name="mine")
    with pytest.raises(ServiceUnavailable, match=r"127\.0\.0\.1:\d+ could not be reached.*asked 6 times") as raised:
        await Chat(clock.policy()).reply(ask(connection))
    assert "flowloom connection test mine" in raised.value.hint
    assert len(clock.waits) == 5


async def test_a_connection_that_is_never_accepted_meets_its_deadline(clock: SkippingClock) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        # A full backlog makes the kernel leave further connections unanswered.
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        connection = OpenAIConnection(api_key="k", base_url=f"http://127.0.0.1:{address[1]}/v1", name="mine")
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="did not answer in time"):
            await Chat(clock.policy(attempts=2), Deadlines(connect=0.2)).reply(ask(connection))
        assert time.monotonic() - started < 2
        for filler in fillers:
            filler.close()


async def test_a_cancelled_call_leaves_nothing_behind(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    openai_server.schedule("hang_before", "hang_within", forever=True)
    for stream in (False, True):
        call = collect(Chat(), ask(connection)) if stream else Chat().reply(ask(connection))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call, 0.5)
    attempts = openai_server.ledger.attempts()
    for _ in range(500):
        if all(attempt.ended for attempt in attempts):
            break
        await asyncio.sleep(0.01)
    assert [attempt.ended for attempt in attempts] == ["client_gone", "client_gone"]


async def test_half_characters_do_not_keep_a_request_from_going_out(
    openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    await Chat().reply(ask(connection, [{"role": "user", "content": "half \ud83d and whole \ud83d\ude00 \U0001f600"}]))
    assert openai_server.ledger.bodies()[0]["messages"][0]["content"] == "half � and whole \U0001f600 \U0001f600"


@pytest.mark.parametrize("parameters", [{"temperature": float("nan")}, {"stop": {1, 2}}])
async def test_what_is_no_json_is_said_in_words(parameters: dict[str, Any], connection: OpenAIConnection) -> None:
    with pytest.raises(Exception, match="cannot be sent"):
        await Chat().reply(ask(connection, **parameters))


async def test_connections_that_reach_no_model(openai_server: DemoServer) -> None:
    with pytest.raises(ConnectionFault, match="reaches no language model"):
        await Chat().reply(ask(CustomConnection(secrets={"k": "v"}, name="mine")))
    with pytest.raises(ConnectionFault, match="lacks api_key"):
        await Chat().reply(ask(OpenAIConnection(name="mine")))
    with pytest.raises(ConnectionFault, match="cannot be used"):
        await Chat().reply(ask(OpenAIConnection(api_key="k", base_url="nowhere", name="mine")))
    for key in ("“sk-0123”", "sk-0123\n"):
        with pytest.raises(ConnectionFault, match="cannot be used"):
            await Chat().reply(ask(OpenAIConnection(api_key=key, base_url=openai_server.base_url, name="mine")))


async def test_the_environments_key_goes_to_openai_alone(
    openai_server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    await Chat().reply(ask(OpenAIConnection(base_url=openai_server.base_url, name="mine")))
    (attempt,) = openai_server.ledger.attempts()
    assert attempt.key == "none"


async def test_a_redirect_does_not_carry_the_key_elsewhere(openai_server: DemoServer) -> None:
    from flowloom.nodes.services.demo_server.server import DemoServer as Other

    with Other().in_thread() as other:
        openai_server.schedule(
            {"name": "redirect_elsewhere", "status": 307, "headers": {"location": f"{other.base_url}/chat/completions"}}
        )
        azure = AzureOpenAIConnection(api_key="demo-key-0123456789", api_base=openai_server.address, name="c")
        with pytest.raises(Exception, match="sends requests elsewhere"):
            await Chat().reply(ask(azure))
        assert other.ledger.total == 0


async def test_many_at_once_share_a_client(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    chat = Chat()
    requests = [ask(connection, [{"role": "user", "content": f"Question {number}"}]) for number in range(60)]
    replies = await asyncio.gather(*[chat.reply(request) for request in requests])
    assert len({reply.message["content"] for reply in replies}) == 60
    for number, reply in enumerate(replies):
        assert f'"Question {number}"' in reply.message["content"]
