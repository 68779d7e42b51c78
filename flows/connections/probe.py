"""Asks a connection's service whether it is there and takes the key, with the smallest request that costs nothing."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flowloom.flows.connections.connection import Connection
from flowloom.flows.errors import ConnectionFault

_SECONDS: Final = 15.0
_MOST_BYTES: Final = 4 << 20
OPENAI_URL: Final = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. ``names`` finds, in the reply's JSON, the names to show."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    names: Callable[[Any], list[str]] = lambda reply: []
    what: str = "models"


@dataclass(frozen=True, slots=True)
class Answer:
    """The service answered and took the key. ``names`` are its models, indexes or collections, as far as it lists
    them.
    """

    host: str
    names: tuple[str, ...] = ()
    what: str = "models"


def probe(connection: Connection, *, seconds: float = _SECONDS) -> Answer:
    """Ask the service. Raises ConnectionFault, in words, where it cannot be reached, refuses the key or has no such
    address.
    """
    request = _request(connection)
    host = urllib.parse.urlsplit(request.url).hostname or ""
    body = _get(connection, request, seconds)
    try:
        names = request.names(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConnectionFault(
            f"{host} answers, but not as a service of kind {connection.kind} does.",
            hint=f"Check the address: {_plain(request.url)}",
        ) from None
    return Answer(host, tuple(names), request.what)


def _request(connection: Connection) -> Request:
    own = getattr(connection, "probe_request", None)  # how a kind of another package says what to ask
    if callable(own):
        made = own()
        if isinstance(made, Request):
            return made
    maker = _REQUESTS.get(connection.kind)
    if maker is None:
        raise ConnectionFault(
            f"A connection of kind {connection.kind} cannot be tested: only the tools that use it know what it is for.",
            hint="Run a flow that uses it.",
        )
    return maker(connection)


def _key(connection: Connection) -> str:
    """The key, or a token where the connection signs in with one."""
    if connection.get("auth_mode", "key") not in ("key", None):
        return connection.get_token()  # type: ignore[attr-defined]
    return str(connection.get("api_key") or "")


def _keyed(connection: Connection, header: str) -> dict[str, str]:
    if connection.get("auth_mode", "key") not in ("key", None):
        return {"Authorization": f"Bearer {_key(connection)}"}
    key = _key(connection)
    return {header: f"Bearer {key}" if header == "Authorization" else key} if key else {}


def _base(connection: Connection, key: str) -> str:
    return str(connection.get(key) or "").rstrip("/")


def _openai(connection: Connection) -> Request:
    base = _base(connection, "base_url") or OPENAI_URL
    headers = _keyed(connection, "Authorization")
    if connection.get("organization"):
        headers["OpenAI-Organization"] = str(connection.get("organization"))
    return Request(f"{base}/models", headers, _ids)


def _azure_openai(connection: Connection) -> Request:
    version = urllib.parse.quote(str(connection.get("api_version")))
    return Request(
        f"{_base(connection, 'api_base')}/openai/models?api-version={version}", _keyed(connection, "api-key"), _ids
    )


def _serverless(connection: Connection) -> Request:
    base = _base(connection, "api_base")
    return Request(
        f"{base if base.endswith('/v1') else f'{base}/v1'}/models", _keyed(connection, "Authorization"), _ids
    )


def _search(connection: Connection) -> Request:
    version = urllib.parse.quote(str(connection.get("api_version")))
    url = f"{_base(connection, 'api_base')}/indexes?api-version={version}&$select=name"
    return Request(
        url, _keyed(connection, "api-key"), lambda reply: [item["name"] for item in reply["value"]], "indexes"
    )


def _qdrant(connection: Connection) -> Request:
    return Request(
        f"{_base(connection, 'api_base')}/collections",
        _keyed(connection, "api-key"),
        lambda reply: [item["name"] for item in reply["result"]["collections"]],
        "collections",
    )


def _weaviate(connection: Connection) -> Request:
    return Request(
        f"{_base(connection, 'api_base')}/v1/meta", _keyed(connection, "Authorization"), lambda reply: [], ""
    )


def _serp(connection: Connection) -> Request:
    query = urllib.parse.urlencode({"api_key": _key(connection)})
    return Request(f"https://serpapi.com/account.json?{query}", {}, lambda reply: [], "")


def _content_safety(connection: Connection) -> Request:
    version = urllib.parse.quote(str(connection.get("api_version")))
    return Request(
        f"{_base(connection, 'endpoint')}/contentsafety/text/blocklists?api-version={version}",
        _keyed(connection, "Ocp-Apim-Subscription-Key"),
        lambda reply: [item["blocklistName"] for item in reply["value"]],
        "block lists",
    )


def _form_recognizer(connection: Connection) -> Request:
    version = urllib.parse.quote(str(connection.get("api_version")))
    url = f"{_base(connection, 'endpoint')}/formrecognizer/documentModels?api-version={version}"
    return Request(
        url, _keyed(connection, "Ocp-Apim-Subscription-Key"), lambda reply: [item["modelId"] for item in reply["value"]]
    )


def _ids(reply: Any) -> list[str]:
    return [str(item["id"]) for item in reply["data"]]


_REQUESTS: Final[dict[str, Callable[[Connection], Request]]] = {
    "open_ai": _openai,
    "azure_open_ai": _azure_openai,
    "serverless": _serverless,
    "cognitive_search": _search,
    "qdrant": _qdrant,
    "weaviate": _weaviate,
    "serp": _serp,
    "azure_content_safety": _content_safety,
    "form_recognizer": _form_recognizer,
}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is not followed: the key would travel to a host nobody named."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


def _get(connection: Connection, request: Request, seconds: float) -> bytes:
    host = urllib.parse.urlsplit(request.url).hostname or request.url
    if urllib.parse.urlsplit(request.url).scheme not in ("http", "https"):
        raise ConnectionFault(
            f"The connection {connection.name!r} has no web address: {_plain(request.url)}.",
            hint="It must begin with https://",
        )
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        made = urllib.request.Request(
            request.url, headers={"Accept": "application/json", "User-Agent": "flowloom", **request.headers}
        )
        with opener.open(made, timeout=seconds) as reply:
            return reply.read(_MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(connection, request, host, error) from None
    except (http.client.InvalidURL, ValueError, UnicodeError) as error:
        raise ConnectionFault(
            f"The connection {connection.name!r} cannot be used as it is written: {_short(connection, str(error))}.",
            hint="Check its address and its key for stray characters.",
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(connection, host, _place(request.url), error, seconds) from None


def _refusal(connection: Connection, request: Request, host: str, error: urllib.error.HTTPError) -> ConnectionFault:
    said = _said(connection, error)
    if error.code in (401, 403):
        return ConnectionFault(
            f"{host} refuses the key ({error.code}){said}.",
            hint=f"Store another: flowloom connection add {connection.name} --type {connection.kind}",
        )
    if 300 <= error.code < 400:
        target = _plain(error.headers.get("Location", "another address"))
        return ConnectionFault(
            f"{host} answers with a redirect to {target}.", hint="Write that address into the connection."
        )
    if error.code == 404:
        return ConnectionFault(
            f"{host} answers, but has nothing at {_plain(request.url)}{said}.",
            hint="Check the address; for OpenAI's interface it usually ends in /v1.",
        )
    if error.code == 429:
        return ConnectionFault(
            f"{host} takes the key but has no room now (429){said}.", hint="Wait, or check the account's quota."
        )
    return ConnectionFault(
        f"{host} answers with status {error.code}{said}.", hint="Try again later, or ask whoever runs the service."
    )


def _said(connection: Connection, error: urllib.error.HTTPError) -> str:
    try:
        raw = error.read(20_000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    try:
        found = json.loads(raw)
        inner = found.get("error", found)
        text = inner.get("message") or inner.get("code") if isinstance(inner, dict) else inner
    except (ValueError, AttributeError):
        return ""
    return f": {_short(connection, str(text))}".rstrip(".") if text else ""


def _unreachable(connection: Connection, host: str, place: str, error: Exception, seconds: float) -> ConnectionFault:
    cause = error.reason if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, TimeoutError):
        words, hint = (
            f"{host} does not answer within {seconds:g} seconds",
            "Check the network, a proxy (HTTPS_PROXY) or a firewall.",
        )
    elif isinstance(cause, ssl.SSLError):
        words, hint = (
            f"{host} cannot prove who it is: {cause.reason or cause}",
            "Check the address, and the certificates of this computer.",
        )
    elif isinstance(cause, ConnectionRefusedError):
        words, hint = f"Nothing listens at {place}", "Check that the service runs, and its port."
    elif type(cause).__name__ == "gaierror":
        words, hint = f"There is no computer named {host} to be found", "Check the address for a slip, and the network."
    else:
        words, hint = (
            f"{host} cannot be reached: {_short(connection, str(cause) or type(cause).__name__)}",
            "Check the address and the network.",
        )
    return ConnectionFault(f"{words}.", hint=hint)


def _short(connection: Connection, text: str) -> str:
    from flowloom.flows.connections.redact import Redactor

    flat = " ".join(Redactor(*connection.secret_values(), _key(connection)).redact(text).split())
    return flat if len(flat) <= 300 else flat[:299] + "…"


def _place(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc.rpartition("@")[2]


def _plain(url: str) -> str:
    """The address without user, password and query."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")) or url
