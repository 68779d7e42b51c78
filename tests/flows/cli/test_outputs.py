from __future__ import annotations

import io
import json

from flowloom.flows.cli import sink
from flowloom.flows.cli.outputs import as_text, write_outputs
from flowloom.flows.connections.redact import Redactor


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(outputs: dict, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    write_outputs(outputs, stream)
    return stream.getvalue()


def test_one_text_alone_can_be_piped_on() -> None:
    assert written({"answer": "two\nlines\n"}) == "two\nlines\n"
    assert written({"answer": "x"}) == "x\n"
    assert json.loads(written({"answer": {"a": [1, "ü"]}})) == {"a": [1, "ü"]}


def test_several_stand_under_their_names() -> None:
    assert written({"a": "x", "b": 1, "c": "y\nz"}) == "a: x\nb: 1\n\nc\ny\nz\n"


def test_a_file_gets_everything_as_it_is() -> None:
    sink.use(Redactor("sk-1234567890"))
    text = "sk-1234567890 \x1b[31m" + "x" * 100_000
    assert written({"answer": text}) == text + "\n"


def test_a_screen_gets_no_secret_no_control_characters_and_no_flood(monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    sink.use(Redactor("sk-1234567890"))
    shown = written({"answer": "sk-1234567890 \x1b]0;title\x07\n" + "line\n" * 10_000}, Screen())
    assert "sk-1234567890" not in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert shown.count("\n") < 410
    assert "characters more" in shown


def test_an_image_is_a_few_words() -> None:
    assert as_text({"data:image/png;base64": "A" * 4096}) == "[image/png, 3 KB; --json gives it whole]"
    assert as_text({"data:image/png;path": "a.png"}) == "[image/png: a.png]"
    assert json.loads(as_text({"data": "x"})) == {"data": "x"}
