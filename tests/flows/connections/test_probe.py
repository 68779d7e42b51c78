from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from flowloom.flows.connections import kinds
from flowloom.flows.connections.connection import Connection
from flowloom.flows.connections.probe import Request, probe
from flowloom.flows.errors import ConnectionFault

KEY = "sk-the-only-key"


class Service:
    """A server on loopback that answers as ``answer(path, headers)`` says: (status, headers, body)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[str, dict[str, str]], tuple[int, dict[str, str], Any]] = lambda path, headers: (
            200,
            {},
            {"data": []},
        )
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, dict(self.headers)))
                status, headers, body = service.answer(self.path, dict(self.headers))
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(raw)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *arguments: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


def openai(service: Service, path: str = "/v1") -> kinds.OpenAIConnection:
    return kinds.OpenAIConnection(api_key=KEY, base_url=f"{service.url}{path}", name="mine")


def test_openai_lists_its_models(service: Service) -> None:
    service.answer = lambda path, headers: (200, {}, {"data": [{"id": "gpt-4o"}, {"id": "o3"}]})
    answer = probe(openai(service, "/v1/"))
    assert (answer.host, answer.names, answer.what) == ("127.0.0.1", ("gpt-4o", "o3"), "models")
    path, headers = service.asked[0]
    assert (path, headers["Authorization"]) == ("/v1/models", f"Bearer {KEY}")


@pytest.mark.parametrize(
    ("make", "path", "header", "body", "names"),
    [
        (
            lambda url: kinds.AzureOpenAIConnection(api_base=url + "/", api_key=KEY, api_version="2024-02-01"),
            "/openai/models?api-version=2024-02-01",
            ("Api-Key", KEY),
            {"data": [{"id": "m"}]},
            ("m",),
        ),
        (
            lambda url: kinds.ServerlessConnection(api_base=url, api_key=KEY),
            "/v1/models",
            ("Authorization", f"Bearer {KEY}"),
            {"data": []},
            (),
        ),
        (
            lambda url: kinds.CognitiveSearchConnection(api_base=url, api_key=KEY),
            "/indexes?api-version=2023-11-01&$select=name",
            ("Api-Key", KEY),
            {"value": [{"name": "docs"}]},
            ("docs",),
        ),
        (
            lambda url: kinds.QdrantConnection(api_base=url, api_key=KEY),
            "/collections",
            ("Api-Key", KEY),
            {"result": {"collections": [{"name": "c"}]}},
            ("c",),
        ),
        (
            lambda url: kinds.WeaviateConnection(api_base=url, api_key=KEY),
            "/v1/meta",
            ("Authorization", f"Bearer {KEY}"),
            {},
            (),
        ),
        (
            lambda url: kinds.AzureContentSafetyConnection(endpoint=url, api_key=KEY),
            "/contentsafety/text/blocklists?api-version=2023-10-01",
            ("Ocp-Apim-Subscription-Key", KEY),
            {"value": [{"blocklistName": "b"}]},
            ("b",),
        ),
    ],
)
def test_every_kind_is_asked_in_its_own_way(service: Service, make, path: str, header, body, names) -> None:
    service.answer = lambda path, headers: (200, {}, body)
    assert probe(make(service.url)).names == names
    asked, headers = service.asked[0]
    assert asked == path
    assert {key.lower(): value for key, value in headers.items()}[header[0].lower()] == header[1]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            401,
            {"error": {"message": f"Incorrect API key provided: {KEY}."}},
            "refuses the key (401): Incorrect API key provided: ***.",
        ),
        (403, {}, "refuses the key (403)."),
        (404, b"<html>", "has nothing at"),
        (
            429,
            {"error": {"message": "You exceeded your quota"}},
            "takes the key but has no room now (429): You exceeded your quota.",
        ),
        (500, b"", "answers with status 500."),
        (200, b"<html>hello</html>", "answers, but not as a service of kind open_ai does."),
        (200, {"models": []}, "answers, but not as a service of kind open_ai does."),
    ],
)
def test_what_the_service_says_is_told_without_the_key(service: Service, status: int, body, words: str) -> None:
    service.answer = lambda path, headers: (status, {}, body)
    with pytest.raises(ConnectionFault) as caught:
        probe(openai(service))
    assert words in caught.value.message
    assert caught.value.hint
    assert KEY not in caught.value.message + caught.value.hint


def test_a_redirect_is_not_followed_with_the_key(service: Service) -> None:
    other = Service()
    service.answer = lambda path, headers: (302, {"Location": f"{other.url}/stolen"}, b"")
    with pytest.raises(ConnectionFault, match=r"answers with a redirect to http://127\.0\.0\.1"):
        probe(openai(service))
    assert other.asked == []
    other.server.shutdown()
    other.server.server_close()


def test_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with pytest.raises(ConnectionFault, match=r"Nothing listens at 127\.0\.0\.1:\d+\."):
        probe(kinds.OpenAIConnection(base_url=f"http://127.0.0.1:{port}/v1"))


def test_a_service_that_is_silent() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ConnectionFault, match=r"does not answer within 0\.2 seconds"):
            probe(kinds.OpenAIConnection(base_url=f"http://127.0.0.1:{silent.getsockname()[1]}/v1"), seconds=0.2)


def test_an_unknown_host() -> None:
    with pytest.raises(ConnectionFault, match=r"no computer named nowhere\.invalid"):
        probe(kinds.OpenAIConnection(base_url="https://nowhere.invalid/v1"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "just-a-name"])
def test_what_is_no_web_address_is_not_opened(url: str) -> None:
    with pytest.raises(ConnectionFault):
        probe(kinds.OpenAIConnection(api_key=KEY, base_url=url, name="mine"))


def test_a_key_with_stray_characters_is_told_without_it(service: Service) -> None:
    with pytest.raises(ConnectionFault, match="cannot be used as it is written") as caught:
        probe(kinds.OpenAIConnection(api_key="sk-with-\nnewline", base_url=service.url, name="mine"))
    assert "newline" not in caught.value.message


def test_a_custom_connection_says_that_it_cannot_be_tested() -> None:
    with pytest.raises(ConnectionFault, match="only the tools that use it know"):
        probe(kinds.CustomConnection(configs={"a": "b"}))


def test_a_kind_of_a_package_says_itself_what_to_ask(service: Service) -> None:
    class MailConnection(Connection):
        kind = "mail"

        def probe_request(self) -> Request:
            return Request(f"{service.url}/boxes", {}, lambda reply: reply["boxes"], "boxes")

    service.answer = lambda path, headers: (200, {}, {"boxes": ["in", "out"]})
    answer = probe(MailConnection(name="m"))
    assert (answer.names, answer.what) == (("in", "out"), "boxes")
