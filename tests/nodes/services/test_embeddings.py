from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.connections.kinds import AzureOpenAIConnection, LocalConnection, OpenAIConnection
from flowloom.flows.errors import ConnectionFault, MalformedReply
from flowloom.nodes.services.embeddings import Embeddings

if TYPE_CHECKING:
    from conftest import SkippingClock

    from flowloom.nodes.services.demo_server.server import DemoServer


async def test_vectors_in_the_order_of_the_texts(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    vectors, usage = await Embeddings().embed(
        connection, "text-embedding-3-small", ["a red apple", "one red apple", "taxes"]
    )
    assert [len(vector) for vector in vectors] == [1536] * 3

    def closeness(one: list[float], other: list[float]) -> float:
        return sum(left * right for left, right in zip(one, other, strict=True))

    assert closeness(vectors[0], vectors[0]) == pytest.approx(1.0, abs=1e-5)
    assert closeness(vectors[0], vectors[1]) > closeness(vectors[0], vectors[2])
    assert usage.prompt_tokens > 0
    assert usage.price is not None


async def test_azure_names_a_deployment(openai_server: DemoServer) -> None:
    azure = AzureOpenAIConnection(api_key="k" * 10, api_base=openai_server.address, name="a")
    await Embeddings().embed(azure, "ada", ["x"])
    assert openai_server.ledger.attempts()[0].path == "/openai/deployments/ada/embeddings"


async def test_no_texts_no_call(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    assert (await Embeddings().embed(connection, "m", []))[0] == []
    assert openai_server.ledger.total == 0


async def test_it_is_asked_again_where_that_helps(
    openai_server: DemoServer, connection: OpenAIConnection, clock: SkippingClock
) -> None:
    openai_server.schedule("status_500", "429_seconds")
    vectors, _ = await Embeddings(clock.policy()).embed(connection, "m", ["x"])
    assert len(vectors) == 1
    assert clock.waits == [0.25, 2.0]


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        [{"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": []}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": "???"}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [None]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [math.inf]}],
    ],
)
async def test_what_is_no_list_of_vectors_is_refused(
    data: Any, openai_server: DemoServer, connection: OpenAIConnection
) -> None:
    openai_server.schedule({"status": 200, "body": {"object": "list", "data": data}})
    with pytest.raises(MalformedReply):
        await Embeddings().embed(connection, "m", ["x", "y"])


async def test_entries_out_of_order_are_put_in_order(openai_server: DemoServer, connection: OpenAIConnection) -> None:
    data = [{"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]}]
    openai_server.schedule({"status": 200, "body": {"data": data}})
    vectors, usage = await Embeddings().embed(connection, "m", ["x", "y"])
    assert vectors == [[1.0], [2.0]]
    assert usage.price is None


async def test_the_model_on_this_computer_makes_none() -> None:
    with pytest.raises(ConnectionFault):
        await Embeddings().embed(LocalConnection(name="local"), "m", ["x"])
