from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flowloom.flows.errors import BadRequest, ConnectionFault, MalformedReply
from flowloom.nodes.services.http import post_json

if TYPE_CHECKING:
    from conftest import SkippingClock

    from flowloom.nodes.services.demo_server.server import DemoServer

BODY = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
HEADERS = {"authorization": "Bearer k"}


async def test_a_reply_and_its_retries(openai_server: DemoServer, clock: SkippingClock) -> None:
    openai_server.schedule("status_503", "reset_before", "429_seconds")
    reply = await post_json(f"{openai_server.base_url}/chat/completions", BODY, HEADERS, policy=clock.policy())
    assert reply["choices"][0]["message"]["content"]
    assert clock.waits == [0.25, 0.5, 2.0]


@pytest.mark.parametrize(
    ("fault", "kind"), [("html_200", MalformedReply), ("bad_gzip", MalformedReply), ("redirect_elsewhere", BadRequest)]
)
async def test_failures(fault: str, kind: type[Exception], openai_server: DemoServer) -> None:
    openai_server.schedule(fault)
    with pytest.raises(kind):
        await post_json(f"{openai_server.base_url}/chat/completions", BODY, HEADERS)
    assert openai_server.ledger.total == 1


async def test_no_address() -> None:
    with pytest.raises(ConnectionFault, match="is no address"):
        await post_json("nowhere", BODY, HEADERS)
