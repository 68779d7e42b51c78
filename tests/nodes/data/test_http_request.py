"""Requests against a real server on this computer, which only a connection may allow."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flowloom.flows.connections.kinds import CustomConnection
from flowloom.flows.errors import LimitExceeded, NodeError, NodeTimeout
from flowloom.nodes.data.http_request import http_request
from flowloom.nodes.services.public_http import PrivateAddress

release = threading.Event()


class Handler(BaseHTTPRequestHandler):
    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode()
        if self.path.startswith("/slow"):
            release.wait(20)
        status, headers, reply = 200, {}, json.dumps({"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body})
        if self.path == "/missing":
            status, reply = 404, "nothing here"
        elif self.path.startswith("/to/"):
            status, headers = 302, {"location": self.path.removeprefix("/to/")}
        elif self.path == "/round":
            status, headers = 302, {"location": "/round"}
        elif self.path == "/large":
            reply = "x" * 2_000_000
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(reply))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(reply.encode())
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server():
    release.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        release.set()
        running.shutdown()
        thread.join()


def connection(server: str) -> CustomConnection:
    return CustomConnection(secrets={"header.X-Key": "s3cret-value"}, configs={"base_url": server, "allow_private": "true"}, name="own")


async def test_this_computer_is_refused_without_a_connection_that_allows_it(server):
    with pytest.raises(PrivateAddress) as caught:
        await http_request(f"{server}/a")
    assert caught.value.field == "url"


async def test_a_request_with_query_headers_and_a_json_body(server):
    reply = await http_request(
        "/a", {"q": "ü"}, method="POST", query={"n": "1"}, headers={"X-Mine": "2"}, connection=connection(server)
    )
    assert reply["status"] == 200
    seen = reply["json"]
    assert (seen["method"], seen["path"], json.loads(seen["body"])) == ("POST", "/a?n=1", {"q": "ü"})
    sent = {name.lower(): value for name, value in seen["headers"].items()}
    assert (sent["x-mine"], sent["x-key"], sent["content-type"]) == ("2", "s3cret-value", "application/json")


async def test_a_redirect_to_a_private_address_elsewhere_is_refused(server):
    elsewhere = server.replace("127.0.0.1", "localhost")
    with pytest.raises(PrivateAddress):
        await http_request(f"/to/{elsewhere}/a", connection=connection(server))


async def test_a_redirect_on_the_same_host_is_followed_with_its_keys(server):
    reply = await http_request("/to//final", connection=connection(server))
    assert reply["json"]["path"] == "/final"
    assert "s3cret-value" in reply["text"]


@pytest.mark.parametrize(
    ("url", "options", "error", "words"),
    [
        ("/missing", {}, NodeError, "status 404: nothing here"),
        ("/round", {}, LimitExceeded, "redirects more than"),
        ("/large", {"max_bytes": 1000}, LimitExceeded, "larger than 1,000 bytes"),
        ("/slow", {"timeout_seconds": 0.2}, NodeTimeout, "did not answer within 0.2 seconds"),
        ("file:///etc/passwd", {}, NodeError, "not a web address"),
        ("/a", {"body": object()}, NodeError, "cannot be written as JSON"),
    ],
)
async def test_what_goes_wrong_says_so(server, url, options, error, words):
    with pytest.raises(error, match=words):
        await http_request(url, connection=connection(server), **options)


async def test_a_bad_status_can_be_taken_as_an_answer(server):
    reply = await http_request("/missing", connection=connection(server), fail_on_status=False)
    assert (reply["status"], reply["json"]) == (404, None)


async def test_nobody_at_that_address():
    with pytest.raises(NodeError, match="could not be reached"):
        await http_request("/x", connection=connection("http://127.0.0.1:1"))
