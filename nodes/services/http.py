"""A JSON request to a model's service that has no client of its own, with the retries, deadlines and errors of all
others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flowloom.flows.errors import ConnectionFault
from flowloom.nodes.services import failures
from flowloom.nodes.services.attempts import Attempts
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.retry import Failure, RetryPolicy
from flowloom.nodes.services.transport import sendable


async def post_json(
    url: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    connection: str | None = None,
    policy: RetryPolicy | None = None,
    deadlines: Deadlines | None = None,
) -> Any:
    """The parsed JSON reply. ``connection`` names the connection in messages. Redirects are not followed: they would
    carry the key elsewhere. Raises the errors under ModelError, or ConnectionFault for an address that is none."""
    policy, deadlines = policy or RetryPolicy(), deadlines or Deadlines()
    service = Service(urlsplit(url).hostname or "", connection)
    attempts = Attempts(policy, deadlines)
    while True:
        try:
            return await _once(url, body, headers, service, policy, deadlines, attempts.remaining)
        except Failure as failure:
            await attempts.failed(failure)


async def _once(
    url: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    service: Service,
    policy: RetryPolicy,
    deadlines: Deadlines,
    remaining: float,
) -> Any:
    import httpx2

    timeout = httpx2.Timeout(None, connect=deadlines.connect)
    try:
        async with asyncio.timeout(remaining), httpx2.AsyncClient(timeout=timeout, follow_redirects=False) as client:
            response = await client.post(url, json=sendable(body), headers=dict(headers))
    except (TimeoutError, httpx2.TimeoutException) as error:
        raise failures.no_connection(service, error, slow=True) from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise ConnectionFault(
            f"'{url}' is no address of a service.", hint="Write one that begins with https://"
        ) from error
    except httpx2.DecodingError as error:
        raise failures.malformed(service, "is compressed in a way that cannot be read", str(error)) from error
    except httpx2.RequestError as error:
        raise failures.no_connection(service, error) from error
    if not 200 <= response.status_code < 300:
        told = {name.lower(): value for name, value in response.headers.items()}
        raise failures.from_status(service, response.status_code, response.content, told, policy.clock.today())
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise failures.malformed(
            service, "is not what the API promises: it cannot be read as JSON", response.text[:300]
        ) from error
