from __future__ import annotations

import io
import sys

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.connections.redact import Redactor


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_people_read_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    sink.use(Redactor("sk-1234567890"))
    sink.say("key sk-1234567890")
    sink.tell("again sk-1234567890")
    assert capsys.readouterr() == ("again ***\n", "key ***\n")


def test_characters_an_encoding_lacks_become_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    sink.write(stream, "ü ✓ \ud800\n")
    stream.flush()
    assert raw.getvalue() == b"\\xfc \\u2713 \\ud800\n"


def test_nothing_is_written_where_there_is_no_stream() -> None:
    sink.write(None, "x")


def test_control_characters_become_visible() -> None:
    assert sink.clean("a\x1b[2Jb\x07\x9b\u202ec\td\n") == "a\\x1b[2Jb\\x07\\x9b\\u202ec\td\n"


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert sink.style("x", "red", "bold", stream=Screen()) == "\x1b[31;1mx\x1b[0m"
    assert sink.style("x", "red", stream=io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert sink.style("x", "red", stream=Screen()) == "x"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert sink.style("x", "red", stream=Screen()) == "x"


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not sink.is_terminal(stream)
    assert not sink.is_terminal(None)
    assert sys.stderr is not None
