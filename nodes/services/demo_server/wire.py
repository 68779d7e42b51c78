"""HTTP/1.1 on ``asyncio.Protocol``: just enough for a stand-in of a model's service, and able to misbehave on purpose.

A handler turns a ``Request`` into a ``Reply``, which is data: what to send, when, and how the connection ends.
Playing a reply is all this module does with it, so that a fault is a change to a reply and nothing else."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, unquote

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 64 * 1024 * 1024

Ending = Literal["complete", "close", "reset", "hang"]


@dataclass(slots=True)
class Request:
    """One request. Header names are lower case; ``received`` is ``time.monotonic()`` once its last byte was in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    received: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the body and how many seconds to wait before it is sent."""

    data: bytes
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back. ``length`` declares another Content-Length than the parts have; ``chunked`` frames each part on
    its own; ``raw`` replaces the head by other bytes (empty: no head at all)."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    chunked: bool = False
    length: int | None = None
    ending: Ending = "complete"
    delay: float = 0.0
    raw: bytes | None = None
    on_end: Callable[[str], None] | None = field(default=None, compare=False)
    """Called once with ``complete``, ``close``, ``reset``, ``hang`` or ``client_gone``."""

    @property
    def immediate(self) -> bool:
        return not self.delay and self.ending != "hang" and not any(part.delay for part in self.parts)

    def head(self) -> bytes:
        if self.raw is not None:
            return self.raw
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.chunked:
            lines.append("transfer-encoding: chunked")
        elif self.status != 204:
            length = self.length if self.length is not None else sum(len(part.data) for part in self.parts)
            lines.append(f"content-length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def framed(self, data: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(data), data) if self.chunked and data else data

    def tail(self) -> bytes:
        return b"0\r\n\r\n" if self.chunked and self.ending == "complete" else b""


Handler = Callable[[Request], Reply]


class BadMessage(Exception):
    """The bytes are not a request we read; ``status`` is what to answer before closing."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def parse_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers of a request's head."""
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadMessage(400, "not an HTTP/1.1 request")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, separator, value = line.partition(":")
        if not separator:
            raise BadMessage(400, "a header without a colon")
        headers[name.strip().lower()] = value.strip()
    return words[0], words[1], headers


def parse_chunked(buffer: bytes | bytearray) -> tuple[bytes, int] | None:
    """A whole chunked body and how many bytes it took, or None while it is incomplete."""
    body, at = bytearray(), 0
    while True:
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        try:
            size = int(bytes(buffer[at:end]).split(b";")[0], 16)
        except ValueError:
            raise BadMessage(400, "a chunk without a size") from None
        if len(body) + size > BODY_LIMIT:
            raise BadMessage(413, "the body is too large")
        if len(buffer) < end + 2 + size + 2:
            return None
        body += buffer[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
        if size == 0:
            return bytes(body), at


class Connection(asyncio.Protocol):
    """One client's connection: requests one after the other, kept alive."""

    def __init__(self, handler: Handler, connections: set[Connection]) -> None:
        self._handler = handler
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._playing: asyncio.Task[None] | None = None
        self._drained = asyncio.Event()
        self._drained.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._drained.set()
        if self._playing is not None:
            self._playing.cancel()
        self._transport = None

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._playing is None:
            self._serve()

    def eof_received(self) -> bool:
        return False

    def _serve(self) -> None:
        """Answer all requests that are complete; stops at a reply that takes time, which goes on when it is done."""
        while self._playing is None and self._transport is not None and self._buffer:
            try:
                request = self._next_request()
            except BadMessage as problem:
                self._write(
                    Reply(
                        status=problem.status, parts=(Part(str(problem).encode()),), headers=(("connection", "close"),)
                    )
                )
                self._end("close")
                return
            if request is None:
                return
            reply = self._handler(request)
            if reply.immediate:
                self._write(reply)
                if reply.ending != "complete" or request.headers.get("connection", "").lower() == "close":
                    self._end(reply.ending if reply.ending != "complete" else "close")
                if reply.on_end is not None:
                    reply.on_end(reply.ending)
            else:
                self._playing = asyncio.get_running_loop().create_task(self._play(reply))

    def _next_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_LIMIT:
                raise BadMessage(431, "the head is too large")
            return None
        method, target, headers = parse_head(bytes(self._buffer[:end]))
        start = end + 4
        if (
            headers.get("expect", "").lower() == "100-continue"
            and len(self._buffer) == start
            and self._transport is not None
        ):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in headers.get("transfer-encoding", "").lower():
            parsed = parse_chunked(self._buffer[start:])
            if parsed is None:
                return None
            body, used = parsed
        else:
            try:
                used = int(headers.get("content-length", "0"))
            except ValueError:
                raise BadMessage(400, "Content-Length is no number") from None
            if not 0 <= used <= BODY_LIMIT:
                raise BadMessage(413, "the body is too large")
            if len(self._buffer) < start + used:
                return None
            body = bytes(self._buffer[start : start + used])
        del self._buffer[: start + used]
        path, _, query = target.partition("?")
        return Request(method, unquote(path), dict(parse_qsl(query)) if query else {}, headers, body, time.monotonic())

    def _write(self, reply: Reply) -> None:
        if self._transport is not None:
            self._transport.write(
                reply.head() + b"".join([reply.framed(part.data) for part in reply.parts]) + reply.tail()
            )

    async def _play(self, reply: Reply) -> None:
        ended = "client_gone"
        try:
            await asyncio.sleep(reply.delay)
            self._send(reply.head())
            for part in reply.parts:
                if part.delay:
                    await asyncio.sleep(part.delay)
                await self._drained.wait()
                self._send(reply.framed(part.data))
            self._send(reply.tail())
            if reply.ending == "hang":
                await asyncio.Event().wait()
            ended = reply.ending
        finally:
            self._playing = None
            if reply.on_end is not None:
                reply.on_end(ended)
        if reply.ending != "complete":
            self._end(reply.ending)
        else:
            self._serve()

    def _send(self, data: bytes) -> None:
        if self._transport is not None and data:
            self._transport.write(data)

    def _end(self, ending: Ending) -> None:
        if self._transport is None:
            return
        if ending == "reset":
            # A linger time of zero makes the kernel send RST, which is what a crashed proxy looks like to the client.
            sock = self._transport.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()
