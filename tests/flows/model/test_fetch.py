"""Images come from the public web only, whatever a name or a redirect says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flowloom.flows.errors import InputError
from flowloom.flows.model.fetch import fetch


class _Site(BaseHTTPRequestHandler):
    asked: list[str]
    closing: threading.Event

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"short")
            return
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/image?a=1" if self.path == "/moved" else "/moved-again")
            self.end_headers()
            return
        if self.path == "/slow":
            self.closing.wait(10)
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(b"x" * (5000 if self.path == "/large" else 5))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    _Site.asked, _Site.closing = [], threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", _Site.asked
    _Site.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_allowed_is_fetched(site: tuple[str, list[str]]) -> None:
    address, asked = site
    assert fetch(f"{address}/image", limit=10, allow_private=True) == b"xxxxx"
    assert fetch(f"{address}/moved", limit=10, allow_private=True) == b"xxxxx"
    assert asked == ["/image", "/moved", "/image?a=1"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/none", "404"),
        ("/large", "larger than"),
        ("/moved-again", "too often"),
        ("/slow", "could not be fetched"),
        ("/cut", "could not be fetched"),
    ],
)
def test_what_goes_wrong_is_told(site: tuple[str, list[str]], path: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        fetch(site[0] + path, limit=100 if path != "/cut" else 2000, allow_private=True, seconds=0.5)
    assert caught.value.hint


def test_this_computer_is_not_asked(site: tuple[str, list[str]]) -> None:
    address, asked = site
    port = address.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1", "2130706433"):
        with pytest.raises(InputError):
            fetch(f"http://{host}:{port}/image", limit=10)
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/a", "http://192.168.1.1/a", "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/a", "http://224.0.0.1/a",
        "http://100.64.0.1/a", "file:///etc/passwd", "ftp://example.com/a", "http:///a", "http://no.such.host.invalid/a", "http://h:99999999/a",
        "gopher://x", "http://\u2025/",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(InputError) as caught:
        fetch(address, limit=10, seconds=2)
    assert caught.value.hint
