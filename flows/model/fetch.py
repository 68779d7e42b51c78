"""Getting an image from the web: public addresses only, checked anew at every redirect, and never more than was asked for."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from flowloom.flows.errors import InputError

if TYPE_CHECKING:
    from http.client import HTTPConnection

MAX_REDIRECTS: Final = 5
SECONDS: Final = 30.0
"""How long connecting, and waiting for each piece, may take."""


def fetch(address: str, *, limit: int, allow_private: bool = False, seconds: float = SECONDS) -> bytes:
    """The bytes behind an ``http`` or ``https`` address, at most ``limit``.

    Addresses of private networks and of this computer are refused unless ``allow_private``, also where a public name or a redirect
    leads to them. Raises InputError.
    """
    for _ in range(MAX_REDIRECTS + 1):
        answer = _get(address, limit, allow_private, seconds)
        if isinstance(answer, bytes):
            return answer
        address = urljoin(address, answer)
    raise InputError(f"The image at {address} is redirected too often.", hint="Give its final address.")


def _get(address: str, limit: int, allow_private: bool, seconds: float) -> bytes | str:
    """The body, or the address of a redirect."""
    parts = urlsplit(address)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise InputError(f"The address {address} has no valid port.", hint="Correct the address.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{address} is not an address on the web.", hint="Begin it with https://.")
    place = _resolve(parts.hostname, port, allow_private, address)
    connection = _connection(parts.scheme, parts.hostname, port, place, seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", target, headers={"User-Agent": "flowloom"})
        with connection.getresponse() as answer:
            moved = answer.getheader("Location")
            if answer.status in (301, 302, 303, 307, 308) and moved:
                return moved
            if answer.status != 200:
                raise InputError(
                    f"The image at {address} could not be fetched: the server answered {answer.status} {answer.reason}.",
                    hint="Open the address in a browser to see whether it is right.",
                )
            promised = answer.length
            data = answer.read(limit + 1)
            if promised is not None and len(data) < min(promised, limit + 1):
                raise ConnectionError("the answer was cut off")
    except (OSError, _http_error()) as error:
        raise InputError(
            f"The image at {address} could not be fetched: {error or type(error).__name__}.",
            hint="Check the address and the connection to the internet.",
        ) from error
    finally:
        connection.close()
    if len(data) > limit:
        raise InputError(f"The image at {address} is larger than {limit // 1024 // 1024} MiB.", hint="Give a smaller image.")
    return data


def _http_error() -> type[Exception]:
    from http.client import HTTPException

    return HTTPException


def _resolve(host: str, port: int, allow_private: bool, address: str) -> Any:
    """Where to connect to: the first address of the host, all of which must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"The host of {address} is not known.", hint="Check the address and the connection to the internet.") from error
    for *_, place in found:
        number = ipaddress.ip_address(str(place[0]).partition("%")[0])
        mapped = getattr(number, "ipv4_mapped", None) or number
        if not allow_private and (not mapped.is_global or mapped.is_multicast):
            raise InputError(
                f"The address {address} leads into a private network or to this computer.",
                hint="Save the image as a file, and give its path.",
            )
    return found[0][4][:2]


def _connection(scheme: str, host: str, port: int, place: Any, seconds: float) -> HTTPConnection:
    """A connection that goes to the place that was checked, whatever the name says a moment later."""
    from http.client import HTTPConnection, HTTPSConnection

    def connect(target: Any, timeout: Any, source: Any = None) -> socket.socket:
        return socket.create_connection(place, seconds)

    connection = (HTTPSConnection if scheme == "https" else HTTPConnection)(host, port, timeout=seconds)
    connection._create_connection = connect  # pyright: ignore[reportAttributeAccessIssue]
    return connection
