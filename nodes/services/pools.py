"""Many requests at once to one service: a pool of connections for every few of them.

The HTTP library looks at every connection of its pool for every request, which at 200 requests at a time costs more than all else
they need. Here each pool serves a few requests, and another begins where all are busy.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    import httpx2

EACH = 8
"""Requests at a time that one pool serves before another is begun."""


class Pools:
    """A transport (``httpx2.AsyncBaseTransport``) over as many pools as the requests under way need. ``context`` says
    which certificates are trusted."""

    def __init__(self, context: ssl.SSLContext, *, keepalive_seconds: float = 30.0) -> None:
        self._context = context
        self._keepalive_seconds = keepalive_seconds
        self._pools: list[httpx2.AsyncHTTPTransport] = []
        self._busy: list[int] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        place = self._place()
        pool, busy = self._pools[place], self._busy
        busy[place] += 1

        def free() -> None:
            busy[place] -= 1

        try:
            response = await pool.handle_async_request(request)
        except BaseException:
            free()
            raise
        response.stream = _counted()(response.stream, free)
        return response

    def _place(self) -> int:
        for place, busy in enumerate(self._busy):
            if busy < EACH:
                return place
        import httpx2

        limits = httpx2.Limits(
            max_connections=None, max_keepalive_connections=EACH, keepalive_expiry=self._keepalive_seconds
        )
        self._pools.append(httpx2.AsyncHTTPTransport(verify=self._context, limits=limits))
        self._busy.append(0)
        return len(self._pools) - 1

    async def aclose(self) -> None:
        pools, self._pools, self._busy = self._pools, [], []
        for pool in pools:
            await pool.aclose()


@lru_cache(maxsize=1)
def _counted() -> Callable[..., httpx2.AsyncByteStream]:
    """The class of a response's body that tells when it is closed, which is when its connection is free again."""
    import httpx2

    class Counted(httpx2.AsyncByteStream):
        def __init__(self, stream: httpx2.AsyncByteStream, free: Callable[[], None]) -> None:
            self._stream = stream
            self._free: Callable[[], None] | None = free

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in self._stream:
                yield piece

        async def aclose(self) -> None:
            free, self._free = self._free, None
            if free is not None:
                free()
            await self._stream.aclose()

    return Counted
