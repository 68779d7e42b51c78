"""Raw HTTP to the server under test, byte by byte."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

HELLO: Mapping[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}

Post = Callable[..., tuple[int, Any, HTTPResponse]]


@pytest.fixture
def post(openai_server: DemoServer) -> Post:
    """Posts JSON and returns status, parsed reply (bytes where it is none) and the response."""

    def send(
        path: str, body: Any = None, *, method: str = "POST", key: str = "k", **headers: str
    ) -> tuple[int, Any, HTTPResponse]:
        connection = HTTPConnection(openai_server.host, openai_server.port, timeout=10)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        given = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        connection.request(
            method, path, data, given | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        try:
            return response.status, json.loads(raw), response
        except ValueError:
            return response.status, raw, response

    return send


@pytest.fixture
def raw(openai_server: DemoServer) -> Callable[[bytes], bytes]:
    """Sends bytes and returns all that comes back until the server closes, or says nothing for a while."""

    def send(data: bytes, wait: float = 0.3) -> bytes:
        with socket.create_connection((openai_server.host, openai_server.port)) as sock:
            sock.sendall(data)
            sock.settimeout(wait)
            received = b""
            try:
                while piece := sock.recv(65536):
                    received += piece
            except TimeoutError:
                pass
            return received

    return send


@pytest.fixture
def hello() -> dict[str, Any]:
    return json.loads(json.dumps(HELLO))
