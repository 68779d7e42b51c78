"""Clients: one a connection and loop, closed with it, and the openai package only where it is needed."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

from flowloom.flows.connections.kinds import AzureOpenAIConnection, OpenAIConnection
from flowloom.flows.services import ChatRequest
from flowloom.nodes.services import clients
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.clients import client_for, close_clients

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


async def test_one_client_a_connection(connection: OpenAIConnection, openai_server: DemoServer) -> None:
    first = await client_for(connection, 5.0)
    assert await client_for(OpenAIConnection(**dict(connection), name="another name"), 5.0) is first
    other = await client_for(OpenAIConnection(api_key="another key", base_url=openai_server.base_url, name="c"), 5.0)
    assert other is not first
    await close_clients()
    assert first.is_closed()
    assert await client_for(connection, 5.0) is not first


def test_loops_do_not_share_clients_and_close_them_at_their_end(connection: OpenAIConnection) -> None:
    used = []

    async def ask() -> None:
        used.append(await client_for(connection, 5.0))
        await Chat().reply(ChatRequest(connection, "m", [{"role": "user", "content": "Hello"}]))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(ask())
        asyncio.run(ask())
    assert used[0] is not used[1]
    assert all(client.is_closed() for client in used)


def test_loops_that_are_over_are_forgotten(connection: OpenAIConnection) -> None:
    gc.collect()
    before = len(clients._loops)
    for _ in range(3):
        asyncio.run(Chat().reply(ChatRequest(connection, "m", [{"role": "user", "content": "Hello"}])))
    gc.collect()
    assert len(clients._loops) == before


def test_a_key_that_signs_in_elsewhere(openai_server: DemoServer) -> None:
    class Tokens:
        def get_token(self) -> str:
            return "token-from-entra"

    azure = AzureOpenAIConnection(
        api_base=openai_server.address, auth_mode="meid_token", token_provider=Tokens(), name="a"
    )
    asyncio.run(Chat().reply(ChatRequest(azure, "m", [{"role": "user", "content": "Hello"}])))
    (attempt,) = openai_server.ledger.attempts()
    assert attempt.headers["authorization"] == "Bearer token-from-entra"


def test_the_package_is_not_imported_before_a_call() -> None:
    code = (
        "import sys, flowloom.nodes.llm.chat, flowloom.nodes.services.chat, flowloom.nodes.services.embeddings\n"
        "flowloom.nodes.services.chat.Chat()\n"
        "print([name for name in ('openai', 'httpx2', 'pydantic', 'jsonschema') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
