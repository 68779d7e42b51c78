from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from flowloom.flows.connections import keyring_store

HERE = Path(__file__).parent
KEYRINGS = HERE.parent / "connections" / "keyrings"
SECRET = "sk-very-secret-value"


@pytest.fixture
def file_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(KEYRINGS))
    monkeypatch.setenv("FILE_KEYRING", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("file_keyring.Keyring"))
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_add_reads_the_secret_from_stdin(cli: Callable, file_keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, f"{SECRET}\n")
    done = cli("connection", "add", "mine", "--type", "azure_open_ai", "--set", "api_base=https://x.openai.azure.com")
    assert done.code == 0
    assert "flowloom connection test mine" in done.err
    assert SECRET not in done.out + done.err
    assert keyring_store.read("mine") == {
        "type": "azure_open_ai",
        "api_base": "https://x.openai.azure.com",
        "api_key": SECRET,
    }


def test_add_warns_of_a_secret_on_the_command_line(cli: Callable, file_keyring: Path) -> None:
    done = cli("connection", "add", "mine", "--type", "open_ai", "--set", f"api_key={SECRET}")
    assert done.code == 0
    assert "shell's history can see it" in done.err
    assert SECRET not in done.out + done.err


def test_add_keeps_a_reference_to_the_environment(
    cli: Callable, file_keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = cli("connection", "add", "mine", "--type", "open_ai", "--set", "api_key=${env:NOT_SET_YET}")
    assert (done.code, "Warning" in done.err) == (0, False)
    assert keyring_store.read("mine")["api_key"] == "${env:NOT_SET_YET}"  # type: ignore[index]


def test_add_a_custom_one(cli: Callable, file_keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, f"{SECRET}\n")
    done = cli("connection", "add", "c", "--type", "custom", "--set", "url=http://a", "--secret", "key")
    assert done.code == 0
    assert keyring_store.read("c") == {"type": "custom", "configs": {"url": "http://a"}, "secrets": {"key": SECRET}}


def test_add_takes_prompt_flows_file_and_asks_for_what_it_hides(
    cli: Callable, file_keyring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "azure.yml"
    file.write_text(
        "$schema: https://x\nname: aoai\ntype: azure_open_ai\napi_key: <user-input>\napi_base: https://b\napi_type: azure\n"
    )
    type_in(monkeypatch, f"{SECRET}\n")
    assert cli("connection", "add", "aoai", "--file", file).code == 0
    assert keyring_store.read("aoai") == {
        "type": "azure_open_ai",
        "api_key": SECRET,
        "api_base": "https://b",
        "api_type": "azure",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mine", "--type", "wifi"], "no connection kind 'wifi'"),
        (["mine"], "The type of the connection is missing"),
        (["mine", "--type", "open_ai", "--set", "api_base=x"], "has no key 'api_base'"),
        (["mine", "--type", "open_ai", "--set", "novalue"], "--set needs KEY=VALUE"),
        (["mine", "--type", "azure_open_ai"], "The setting 'api_base' is missing"),
        (["mine", "--type", "serp"], "The secret 'api_key' is missing"),
        (["mine", "--type", "open_ai"], "has no api_key"),
        (["mine", "--type", "custom"], "needs at least one key"),
        (["local", "--type", "open_ai"], "is built in"),
        (["@names", "--type", "open_ai"], "cannot be the name"),
    ],
)
def test_add_refuses_in_words(
    cli: Callable, file_keyring: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    type_in(monkeypatch, "")
    done = cli("connection", "add", *arguments)
    assert done.code in (1, 2)
    assert words in done.err
    assert keyring_store.names() == []


def test_without_a_keyring_nothing_is_asked_for_or_stored(
    cli: Callable, no_keyring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, f"{SECRET}\n")
    done = cli("connection", "add", "mine", "--type", "open_ai")
    assert done.code == 1
    assert "no working keyring, so nothing is stored" in done.err
    assert sys.stdin.read() == f"{SECRET}\n"


def test_list_shows_where_and_never_a_secret(cli: Callable, file_keyring: Path, tmp_path: Path) -> None:
    keyring_store.write("mine", {"type": "open_ai", "api_key": SECRET})
    file = tmp_path / "connections.yaml"
    file.write_text(
        f"other: {{type: custom, configs: {{url: 'http://u:{SECRET}2@h'}}, secrets: {{k: {SECRET}3}}}}\nbad: {{type: wifi}}\n"
    )
    done = cli("connection", "list", "--connections", file)
    assert done.code == 0
    assert SECRET not in done.out + done.err
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "keyring" in lines["mine"]
    assert "api.openai.com" in lines["mine"]
    assert "connections.yaml" in lines["other"]
    assert "no connection kind 'wifi'" in lines["bad"]
    assert "nothing leaves this computer" in lines["local"]
    listed = json.loads(cli("connection", "list", "--json").out)
    assert listed["keyring"] is True
    assert [entry["name"] for entry in listed["connections"]] == ["mine", "local"]


def test_delete(cli: Callable, file_keyring: Path) -> None:
    keyring_store.write("mine", {"type": "open_ai", "api_key": SECRET})
    assert cli("connection", "delete", "mine", "--yes").code == 0
    assert keyring_store.names() == []
    done = cli("connection", "delete", "mine")
    assert done.code == 1
    assert "none of that name in the keyring" in done.err


def test_test_asks_the_service(cli: Callable, file_keyring: Path, tmp_path: Path) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = self.headers["Authorization"] == f"Bearer {SECRET}"
            raw = json.dumps(
                {"data": [{"id": "tiny"}]} if good else {"error": {"message": f"no: {self.headers['Authorization']}"}}
            ).encode()
            self.send_response(200 if good else 401)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    keyring_store.write("mine", {"type": "open_ai", "api_key": SECRET, "base_url": url})
    keyring_store.write("wrong", {"type": "open_ai", "api_key": "sk-some-other-key", "base_url": url})
    done = cli("connection", "test", "mine")
    assert (done.code, done.out) == (0, "Works. 127.0.0.1 takes the connection 'mine'. Its models: tiny.\n")
    done = cli("connection", "test", "wrong")
    assert done.code == 1
    assert "refuses the key (401)" in done.err
    assert "sk-some-other-key" not in done.err
    server.shutdown()
    server.server_close()


def test_test_of_an_unknown_one_says_how_to_add_it(cli: Callable, no_keyring: None) -> None:
    done = cli("connection", "test", "open_ai_connection")
    assert done.code == 1
    assert "flowloom connection add open_ai_connection --type open_ai" in done.err


@pytest.mark.model
def test_test_of_the_model_on_this_computer(cli: Callable, no_keyring: None) -> None:
    done = cli("connection", "test", "local")
    assert (done.code, done.out) == (0, "Works. smollm2-135m-instruct runs on this computer.\n")


def test_a_typed_secret_is_not_echoed(tmp_path: Path) -> None:
    """On a real terminal: what a person types for a secret does not appear on it."""
    program = "import sys; from flowloom.flows.cli.main import main; sys.exit(main())"
    env = {
        **os.environ,
        "PYTHON_KEYRING_BACKEND": "file_keyring.Keyring",
        "PYTHONPATH": str(KEYRINGS),
        "FILE_KEYRING": str(tmp_path / "keyring.json"),
        "TERM": "xterm",
    }
    controller, terminal = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", program, "connection", "add", "mine", "--type", "open_ai"],
        stdin=terminal, stdout=terminal, stderr=terminal, env=env, start_new_session=True, close_fds=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(terminal)
    seen = b""
    answers = {b"api_key": SECRET.encode() + b"\n", b"base_url": b"\n"}
    while True:
        try:
            piece = os.read(controller, 1000)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        for question in [question for question in answers if question in seen and seen.rstrip(b" ").endswith(b":")]:
            os.write(controller, answers.pop(question))
    os.close(controller)
    assert child.wait(30) == 0
    assert SECRET.encode() not in seen
    assert SECRET in (tmp_path / "keyring.json").read_text()
