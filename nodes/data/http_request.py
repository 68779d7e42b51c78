"""One HTTP request."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypedDict
from urllib.parse import urljoin, urlsplit

from flowloom.flows.connections.kinds import CustomConnection
from flowloom.flows.errors import LimitExceeded, NodeError, NodeTimeout
from flowloom.flows.node.declare import node
from flowloom.flows.node.spec import Effect
from flowloom.nodes.services.public_http import make_client

MAX_REDIRECTS = 5


class HttpReply(TypedDict):
    status: Annotated[int, "The HTTP status"]
    text: Annotated[str, "The body as text"]
    json: Annotated[Any, "The body as a value where it is JSON, else nothing"]
    headers: Annotated[dict, "The reply's headers, by their names in small letters"]


@node(
    id="loom.data.http_request",
    title="Fetch from the web",
    category="Data",
    icon="globe",
    effect=Effect.EXTERNAL,
    hosts=("{url}",),
    secrets=("connection",),
)
async def http_request(
    url: Annotated[str, "The address; with a connection, the part after its base_url"],
    body: Annotated[Any, "What to send; an object or list is sent as JSON"] = None,
    *,
    method: Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], "What to do"] = "GET",
    headers: Annotated[dict | None, "Headers to send"] = None,
    query: Annotated[dict | None, "What follows the ? of the address"] = None,
    connection: Annotated[CustomConnection | None, "base_url, allow_private, and headers as header.NAME"] = None,
    fail_on_status: Annotated[bool, "Fail where the status is 400 or more"] = True,
    timeout_seconds: Annotated[float, "How long it may take"] = 30.0,
    max_bytes: Annotated[int, "The largest reply to accept"] = 10_000_000,
) -> HttpReply:
    """Send one HTTP request and give the reply.

    Addresses of this computer and its network are refused unless the connection says `allow_private: true`. A connection's
    settings and secrets named `header.NAME` are sent as headers, to its own host only.
    """
    configs = dict(connection) if connection is not None else {}
    base = str(configs.get("base_url") or "")
    allow_private = str(configs.get("allow_private", "")).lower() == "true"
    private_host = urlsplit(base).hostname if allow_private else None
    target = urljoin(base, url) if base else url
    own_host = _origin(base)
    own_headers = {name.removeprefix("header."): str(value) for name, value in configs.items() if name.startswith("header.")}
    content, content_type = _content(body)
    sent = {**({"content-type": content_type} if content_type else {}), **{str(k): str(v) for k, v in (headers or {}).items()}}

    import httpx2

    try:
        async with make_client(private_host=private_host, timeout=timeout_seconds) as client:
            for _ in range(MAX_REDIRECTS + 1):
                _check(target)
                all_headers = {**sent, **own_headers} if _origin(target) == own_host else sent
                request = client.build_request(method, target, params=query, content=content, headers=all_headers)
                response = await client.send(request, stream=True)
                try:
                    location = response.headers.get("location")
                    if not (300 <= response.status_code < 400 and location):
                        return _reply(response, await _read(response, max_bytes), fail_on_status, target)
                finally:
                    await response.aclose()
                target, query = urljoin(target, location), None
                if response.status_code == 303 or (response.status_code in (301, 302) and method == "POST"):
                    method, content = "GET", None
                if _origin(target) != own_host:
                    sent = {name: value for name, value in sent.items() if name.lower() not in ("authorization", "cookie")}
    except httpx2.TimeoutException as error:
        raise NodeTimeout(
            f"{_host(target)} did not answer within {timeout_seconds:g} seconds.", field="url", hint="Try again, or allow more time."
        ) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
        raise NodeError(f"{_host(target)} could not be reached: {error}.", field="url", hint="Check the address and the network.") from error
    raise LimitExceeded(f"{_host(url)} redirects more than {MAX_REDIRECTS} times.", field="url", hint="Use the final address.")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _host(url: str) -> str:
    return urlsplit(url).hostname or "The address"


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NodeError(f"{url[:200]!r} is not a web address.", field="url", hint="Write it with https:// in front.")


def _content(body: Any) -> tuple[bytes | None, str]:
    if body is None:
        return None, ""
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode("utf-8"), "text/plain; charset=utf-8"
    try:
        return json.dumps(body, ensure_ascii=False).encode("utf-8"), "application/json"
    except (TypeError, ValueError) as error:
        raise NodeError(f"The body cannot be written as JSON: {error}.", field="body", hint="Send texts, lists and objects.") from error


async def _read(response: Any, limit: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > limit:
            raise LimitExceeded(f"The reply is larger than {limit:,} bytes.", field="max_bytes", hint="Allow more, or ask for less.")
    return bytes(data)


def _reply(response: Any, data: bytes, fail_on_status: bool, url: str) -> HttpReply:
    if fail_on_status and response.status_code >= 400:
        raise NodeError(
            f"{_host(url)} answered with status {response.status_code}: {data[:300].decode('utf-8', 'replace')}",
            field="url",
            hint="Check the address and the rights, or set fail_on_status to false to go on.",
        )
    text = data.decode(response.encoding or "utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return HttpReply(status=response.status_code, text=text, json=value, headers={k.lower(): v for k, v in response.headers.items()})
