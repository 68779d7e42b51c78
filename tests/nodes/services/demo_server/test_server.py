from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from flowloom.nodes.services.demo_server.server import DemoServer

Post = Callable[..., tuple[int, Any, HTTPResponse]]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "10.0.0.1"])
async def test_other_computers_cannot_reach_it(host: str) -> None:
    with pytest.raises(ValueError, match="only listens on this computer"):
        await DemoServer().start(host)
    with pytest.raises(ValueError, match="only listens"), DemoServer().in_thread(host):
        pass


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:80", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("evil.example", False),
        ("evil.example:80", False),
        ("192.168.0.5", False),
    ],
)
def test_a_web_pages_name_for_this_computer_is_refused(
    host: str, allowed: bool, post: Post, hello: dict[str, Any]
) -> None:
    assert post("/v1/chat/completions", hello, host=host)[0] == (200 if allowed else 403)


def test_keys(hello: dict[str, Any]) -> None:
    with DemoServer(keys=["right"]).in_thread() as server:
        from http.client import HTTPConnection

        for key, status in (("right", 200), ("wrong", 401)):
            connection = HTTPConnection(server.host, server.port)
            connection.request("POST", "/v1/chat/completions", json.dumps(hello), {"authorization": f"Bearer {key}"})
            response = connection.getresponse()
            assert response.status == status
            assert key not in response.read().decode() or status == 200
            connection.close()


def test_a_taken_port_is_said() -> None:
    with (
        DemoServer().in_thread() as server,
        pytest.raises(OSError, match="in use"),
        DemoServer().in_thread(port=server.port),
    ):
        pass


def test_it_closes_its_connections_when_it_stops() -> None:
    with DemoServer().in_thread() as server:
        client = socket.create_connection((server.host, server.port))
        client.sendall(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 401")
    client.settimeout(5)
    try:
        while client.recv(65536):
            pass
    except ConnectionResetError:
        pass
    client.close()


def test_faults_and_the_ledger(openai_server: DemoServer, post: Post, hello: dict[str, Any]) -> None:
    openai_server.schedule("status_500", None, "quota", key="mine")
    got = [post("/v1/chat/completions", hello, key="mine")[0] for _ in range(4)]
    assert got == [500, 200, 429, 200]
    assert post("/v1/chat/completions", hello)[0] == 200
    attempts = openai_server.ledger.attempts(key="mine")
    assert [attempt.fault for attempt in attempts] == ["status_500", None, "quota", None]
    assert [attempt.status for attempt in attempts] == got
    assert all(
        attempt.ended == "complete" and attempt.finished is not None and attempt.finished >= attempt.at
        for attempt in attempts
    )
    assert attempts[0].body == hello
    openai_server.reset()
    assert openai_server.ledger.total == 0


def test_connections_for_flows(openai_server: DemoServer, tmp_path: Path) -> None:
    from flowloom.flows.connections.store import Connections

    file = tmp_path / "connections.yaml"
    file.write_text(json.dumps(openai_server.connections()))
    for name in openai_server.connections():
        assert Connections(file).get(name).host == "127.0.0.1"


async def test_two_thousand_requests_a_second_on_one_core(hello: dict[str, Any]) -> None:
    """Its own processor time counts, so that a busy computer does not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "flowloom.nodes.services.demo_server", stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    port = int((await process.stdout.readline()).decode().rsplit(":", 1)[1])
    body = json.dumps(hello).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\ncontent-length: {len(body)}\r\n\r\n"
    request, count = head.encode() + body, 1000

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count // 10):
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.close()
        await writer.wait_closed()

    try:
        before = _processor_seconds(process.pid)
        started = time.perf_counter()
        await asyncio.gather(*[client() for _ in range(10)])
        spent = _processor_seconds(process.pid) - before or time.perf_counter() - started
        assert count / spent > 2000
    finally:
        process.terminate()
        await process.wait()


def _processor_seconds(pid: int) -> float:
    import os

    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
