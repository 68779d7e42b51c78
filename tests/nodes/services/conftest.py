"""Flows that ask the stand-in server, and time that passes without waiting for it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flowloom.flows.api import LoadedFlow, load_flow
from flowloom.flows.connections.kinds import OpenAIConnection
from flowloom.flows.node.registry import Registry
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.retry import Clock, RetryPolicy

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

SHORT = Deadlines(connect=5.0, first_token=5.0, between_tokens=5.0, total=100.0)


@dataclass
class SkippingClock:
    """Real time, but waits are only noted down: what was slept through counts as passed."""

    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return time.monotonic() + sum(self.waits)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def policy(self, **changed: Any) -> RetryPolicy:
        return RetryPolicy(**{"clock": Clock(self.now, time.time, self.sleep), "chance": lambda: 0.0, **changed})


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def connection(openai_server: DemoServer) -> OpenAIConnection:
    return OpenAIConnection(api_key="demo-key-0123456789", base_url=openai_server.base_url, name="open_ai_connection")


@pytest.fixture
def ask_flow(openai_server: DemoServer, tmp_path: Path, clock: SkippingClock) -> Callable[..., LoadedFlow]:
    """Makes a flow of one model node; further arguments are the node's inputs."""

    def make(*, chat: Chat | None = None, **inputs: Any) -> LoadedFlow:
        (tmp_path / "ask.jinja2").write_text("user:\n{{question}}\n", encoding="utf-8")
        node: Mapping[str, Any] = {
            "name": "ask",
            "type": "llm",
            "source": {"type": "code", "path": "ask.jinja2"},
            "inputs": {"model": "gpt-4o", "question": "${inputs.question}", **inputs},
            "connection": "open_ai_connection",
            "api": "chat",
        }
        flow = {
            "inputs": {"question": {"type": "string", "default": "What is a flow?"}},
            "outputs": {"answer": {"type": "string", "reference": "${ask.output}"}},
            "nodes": [node],
        }
        (tmp_path / "flow.dag.yaml").write_text(json.dumps(flow), encoding="utf-8")
        (tmp_path / "connections.yaml").write_text(json.dumps(openai_server.connections()), encoding="utf-8")
        registry = Registry()
        registry.register_service("chat", chat or Chat(clock.policy(), SHORT))
        return load_flow(tmp_path, connections=tmp_path / "connections.yaml", registry=registry)

    return make
