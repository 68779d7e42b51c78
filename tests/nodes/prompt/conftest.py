"""Prompties beside the stand-in server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.connections.store import Connections
from flowloom.nodes.services.demo_server.server import DemoServer

FRONT = "model:\n  api: chat\n  configuration:\n    type: openai\n    model: echo\n"


@pytest.fixture
def server(openai_server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> DemoServer:
    """The server, named by the environment variables that prompties fall back to."""
    openai_server.rules.default = "echo"
    for name, value in {
        "OPENAI_API_KEY": "key-of-openai-0",
        "OPENAI_BASE_URL": openai_server.base_url,
        "AZURE_OPENAI_API_KEY": "key-of-azure-00",
        "AZURE_OPENAI_ENDPOINT": openai_server.address,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)
    return openai_server


@pytest.fixture
def connections(tmp_path: Path, openai_server: DemoServer) -> Connections:
    import json

    (tmp_path / "connections.yaml").write_text(json.dumps(openai_server.connections()))
    return Connections(tmp_path / "connections.yaml")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes ``x.prompty`` from what follows the usual front matter, and its body."""

    def write(settings: str, body: str, front: str = FRONT, files: dict[str, str] | None = None) -> Path:
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text)
        place = tmp_path / "x.prompty"
        place.write_text(f"---\n{front}{settings}---\n{body}")
        return place

    return write
