"""HTTP that reaches public addresses only: a flow must not be a way into the network it runs in.

The name is resolved here, every address it has is checked, and the connection goes to the very address that was checked, so that a
second look-up cannot answer differently. Each redirect passes the same gate. Proxies from the environment are not used: behind one,
the address could not be checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import NodeError

if TYPE_CHECKING:
    import httpx2


_ALSO_PRIVATE = tuple(map(ipaddress.ip_network, ("0.0.0.0/8", "192.0.0.0/24", "fec0::/10")))
"""Ranges that some releases of Python's ipaddress call global."""


class PrivateAddress(NodeError):
    """The host is, or resolves to, an address that is not public."""

    kind = "private_address"


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from anywhere; mapped and translated forms count as what they carry."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is not None:
            return is_public(str(embedded))
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _ALSO_PRIVATE if network.version == ip.version)


async def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """The address to connect to. Raises PrivateAddress where any address of the host is private, NodeError where it has none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NodeError(f"The host {host} was not found.", field="url", hint="Check the address and the network.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise PrivateAddress(
                    f"The host {host} is a private address ({address}), which this node may not reach.",
                    field="url",
                    hint="If that is meant, use a connection with base_url and allow_private: true.",
                )
    return addresses[0]


def make_client(*, private_host: str | None, timeout: float) -> httpx2.AsyncClient:
    """A client without proxies, cookies kept or redirects followed by itself; the caller closes it.

    ``private_host`` is the one host that may have a private address; None: no host may.
    """
    import httpx2

    class CheckedTransport(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: Any) -> Any:
            url = request.url
            port = url.port or {"http": 80, "https": 443}[url.scheme]
            address = await resolve(url.host, port, allow_private=url.host == private_host)
            extensions = {**request.extensions, "sni_hostname": url.host}
            pinned = httpx2.Request(
                request.method, url.copy_with(host=address), headers=request.headers, stream=request.stream, extensions=extensions
            )
            return await super().handle_async_request(pinned)

    return httpx2.AsyncClient(
        transport=CheckedTransport(trust_env=False), timeout=timeout, trust_env=False, follow_redirects=False
    )
