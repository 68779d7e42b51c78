"""Many requests at once to one service: a pool of connections for every few of them.

The HTTP library looks at every connection of its pool for every request, which at 200 requests at a time costs more than all else
they need. Here each pool serves a few requests, and another begins where all are busy.
"""

from __future__ import annotations

import ssl

import httpx2

EACH = 8
"""Requests at a time that one pool serves before another is begun."""


class Pools(httpx2.AsyncBaseTransport):
    """A transport over as many pools as the requests under way need. ``context`` says which certificates are trusted."""

    def __init__(self, context: ssl.SSLContext, *, keepalive_seconds: float = 30.0) -> None:
        self._context = context
        self._limits = httpx2.Limits(
            max_connections=None, max_keepalive_connections=EACH, keepalive_expiry=keepalive_seconds
        )
        self._pools: list[httpx2.AsyncHTTPTransport] = []
        self._busy: list[int] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        place = self._place()
        self._busy[place] += 1
        try:
            response = await self._pools[place].handle_async_request(request)
        except BaseException:
            self._busy[place] -= 1
            raise
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Counted(response.stream, self._busy, place)
        return response

    def _place(self) -> int:
        for place, busy in enumerate(self._busy):
            if busy < EACH:
                return place
        self._pools.append(httpx2.AsyncHTTPTransport(verify=self._context, limits=self._limits))
        self._busy.append(0)
        return len(self._pools) - 1

    async def aclose(self) -> None:
        pools, self._pools, self._busy = self._pools, [], []
        for pool in pools:
            await pool.aclose()


class _Counted(httpx2.AsyncByteStream):
    """A response's body that tells when it is closed, which is when its connection is free again."""

    def __init__(self, stream: httpx2.AsyncByteStream, busy: list[int], place: int) -> None:
        self._stream = stream
        self._busy = busy
        self._place = place
        self._open = True

    async def __aiter__(self):
        async for piece in self._stream:
            yield piece

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._busy[self._place] -= 1
        await self._stream.aclose()
