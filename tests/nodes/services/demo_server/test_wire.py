"""HTTP/1.1 as clients speak it: kept alive, pipelined, in pieces, chunked, and wrong."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.nodes.services.demo_server.wire import BadMessage, Part, Reply, parse_chunked, parse_head

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


def request(body: bytes, *, path: str = "/v1/chat/completions", extra: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer k\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def bodies(data: bytes) -> list[Any]:
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        found.append(json.loads(rest[:length]))
        data = rest[length:]
    return found


def test_requests_one_after_the_other_on_one_connection(raw: Callable[[bytes], bytes], hello: dict[str, Any]) -> None:
    body = json.dumps(hello).encode()
    answers = bodies(raw(request(body) * 3))
    assert len(answers) == 3
    assert answers[0] == answers[1] == answers[2]


def test_a_request_in_single_bytes(openai_server: DemoServer, hello: dict[str, Any]) -> None:
    data = request(json.dumps(hello).encode(), extra="Connection: close\r\n")
    with socket.create_connection((openai_server.host, openai_server.port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(data)):
            sock.sendall(data[at : at + 1])
        received = b""
        while piece := sock.recv(65536):
            received += piece
    assert b"HTTP/1.1 200 OK" in received


def test_a_chunked_request(raw: Callable[[bytes], bytes], hello: dict[str, Any]) -> None:
    body = json.dumps(hello).encode()
    chunked = b"%x\r\n%b\r\n%x;x=1\r\n%b\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert bodies(raw(head + chunked))[0]["object"] == "chat.completion"


def test_expect_continue(raw: Callable[[bytes], bytes], openai_server: DemoServer) -> None:
    head = b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    assert raw(head) == b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 70_000, 431),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    data: bytes, status: int, raw: Callable[[bytes], bytes]
) -> None:
    received = raw(data)
    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in received


@given(st.binary(max_size=200), st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_chunked_bodies_come_back_whole(data: bytes, sizes: list[int]) -> None:
    framed, at = b"", 0
    for size in [*sizes, len(data)]:
        piece = data[at : at + size]
        framed += b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        at += size
    framed += b"0\r\n\r\n"
    assert parse_chunked(framed + b"next") == (data, len(framed))
    for cut in range(len(framed)):
        assert parse_chunked(framed[:cut]) is None


def test_heads() -> None:
    assert parse_head(b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Y:  z ") == ("GET", "/a?b=c", {"host": "x", "x-y": "z"})
    with pytest.raises(BadMessage):
        parse_head(b"GET /a HTTP/2\r\n")


def test_replies_as_bytes() -> None:
    whole = Reply(parts=(Part(b"ab"), Part(b"c")))
    assert whole.head() == b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"
    assert whole.immediate
    chunked = Reply(chunked=True, parts=(Part(b"ab", 0.1),))
    assert not chunked.immediate
    assert (chunked.framed(b"ab"), chunked.tail()) == (b"2\r\nab\r\n", b"0\r\n\r\n")
    assert Reply(chunked=True, ending="close").tail() == b""
