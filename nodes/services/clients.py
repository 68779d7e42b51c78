"""Clients of the openai package, one a connection and event loop, closed when the loop ends.

The package takes half a second to import: it happens in a thread, at the first call to another computer.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flowloom.flows.errors import ConnectionFault

if TYPE_CHECKING:
    import ssl

    from openai import AsyncOpenAI

KINDS = ("open_ai", "azure_open_ai", "serverless")


class _LoopClients:
    """The clients of one loop. The loop ends its async generators before it closes, which is when ``_hold`` closes
    the clients."""

    def __init__(self) -> None:
        self.clients: dict[tuple[Any, ...], AsyncOpenAI] = {}
        self.holder: AsyncGenerator[None, None] | None = None

    async def hold(self) -> None:
        if self.holder is None:
            self.holder = self._hold()
            await self.holder.__anext__()

    async def _hold(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            # The generator knows its loop, which would keep both from being forgotten.
            self.holder = None
            await self.close()

    async def close(self) -> None:
        clients = list(self.clients.values())
        self.clients.clear()
        for client in clients:
            await client.close()


_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopClients] = WeakKeyDictionary()
_lock = threading.Lock()


async def import_openai() -> None:
    """Import the package without keeping the loop from other nodes."""
    if "openai" not in sys.modules:
        await asyncio.get_running_loop().run_in_executor(None, _import)


def _import() -> None:
    import openai  # noqa: F401


async def client_for(connection: Any, connect_seconds: float) -> AsyncOpenAI:
    """The client of a connection on the running loop. Raises ConnectionFault for a kind that speaks no chat, or
    without a key."""
    check(connection)
    await import_openai()
    loop = asyncio.get_running_loop()
    with _lock:
        found = _loops.setdefault(loop, _LoopClients())
    await found.hold()
    key = (connection.kind, connect_seconds, *sorted((name, str(value)) for name, value in dict(connection).items()))
    client = found.clients.get(key)
    if client is None:
        client = found.clients[key] = _make(connection, connect_seconds)
    return client


async def close_clients() -> None:
    """Close the clients of the running loop now; new ones are made when they are needed."""
    found = _loops.get(asyncio.get_running_loop())
    if found is not None:
        await found.close()


def check(connection: Any) -> None:
    """Raises ConnectionFault where a connection cannot serve a model."""
    kind = getattr(connection, "kind", None)
    if kind not in KINDS:
        shown = getattr(connection, "type", None) or type(connection).__name__
        raise ConnectionFault(
            f"The connection '{getattr(connection, 'name', None)}' is of the kind {shown}, which reaches no language model.",
            hint="Use a connection to OpenAI, Azure OpenAI, a serverless endpoint, or 'local'.",
        )
    missing = connection.missing()
    if missing:
        raise ConnectionFault(
            f"The connection '{connection.name}' lacks {' and '.join(missing)}.",
            hint=f"Add it: flowloom connection add {connection.name}",
        )


def host_of(connection: Any) -> str:
    return getattr(connection, "host", None) or ""


def _make(connection: Any, connect_seconds: float) -> AsyncOpenAI:
    from urllib.request import getproxies

    import httpx2
    from openai import AsyncAzureOpenAI, AsyncOpenAI, DefaultAsyncHttpx2Client

    from flowloom.nodes.services.pools import Pools

    # Other deadlines than that of connecting are kept by the caller. Redirects would carry the key elsewhere.
    address = connection.get("api_base") or connection.get("base_url") or "https://"
    timeout = httpx2.Timeout(None, connect=connect_seconds)
    context = _trust() if str(address).startswith("https://") else _no_trust()
    # A transport of one's own would pass by the proxies that this computer is set to use.
    transport: Any = None if getproxies() else Pools(context)
    http = DefaultAsyncHttpx2Client(transport=transport, verify=context, timeout=timeout, follow_redirects=False)
    common: Mapping[str, Any] = {"max_retries": 0, "timeout": timeout, "http_client": http}
    if connection.kind == "azure_open_ai":
        if connection.configs.get("auth_mode") != "key" or not connection.api_key:
            return AsyncAzureOpenAI(
                azure_endpoint=connection.api_base,
                api_version=connection.api_version,
                azure_ad_token_provider=lambda: _token(connection),
                **common,
            )
        return AsyncAzureOpenAI(
            azure_endpoint=connection.api_base, api_version=connection.api_version, api_key=connection.api_key, **common
        )
    if connection.kind == "serverless":
        base = connection.api_base.rstrip("/")
        return AsyncOpenAI(
            base_url=base if base.endswith("/v1") else f"{base}/v1", api_key=connection.api_key, **common
        )
    # A server of one's own often takes no key; the environment's key for OpenAI is not for it.
    return AsyncOpenAI(
        base_url=connection.base_url,
        api_key=connection.api_key or "none",
        organization=connection.organization,
        **common,
    )


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The certificates this computer trusts, read once: it takes longer than all else a client needs."""
    import httpx2

    return httpx2.create_ssl_context()


@lru_cache(maxsize=1)
def _no_trust() -> ssl.SSLContext:
    """For addresses without TLS: it trusts no certificate at all, should TLS be spoken after all."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _token(connection: Any) -> str:
    return await asyncio.to_thread(connection.get_token)
