from __future__ import annotations

import json

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.cli.failure import exit_code, report, report_cancelled, sentence
from flowloom.flows.connections.redact import Redactor
from flowloom.flows.errors import (
    ConnectionFault,
    InputError,
    InvalidFlow,
    RunCancelled,
    TemplateError,
    ToolError,
    UsageError,
    YamlError,
)
from flowloom.flows.model.problem import Problem


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (YamlError("x"), 2),
        (InvalidFlow("x"), 2),
        (InputError("x"), 2),
        (ToolError("x"), 1),
        (ConnectionFault("x"), 1),
        (RunCancelled("x"), 130),
        (None, 0),
    ],
)
def test_exit_codes(error, code: int) -> None:
    assert exit_code(error) == code


def test_a_sentence_says_where_but_nothing_twice() -> None:
    assert sentence(ToolError("it broke", node="a")) == "In the node 'a': it broke"
    assert sentence(ToolError("The node 'a' broke.", node="a")) == "The node 'a' broke."
    assert sentence(TemplateError("bad", file="x.jinja2", line=3)) == "bad (x.jinja2:3)"
    assert sentence(TemplateError("x.jinja2, line 3: bad", file="x.jinja2", line=3)) == "x.jinja2, line 3: bad"


def test_what_people_see(capsys: pytest.CaptureFixture[str]) -> None:
    error = InvalidFlow(
        "Two things are wrong.",
        hint="Mend them.",
        problems=(
            Problem("a", "error", "No node is called x.", "Correct the name.", file="flow.dag.yaml", line=3, column=7),
        ),
    )
    assert report(error, ["run", "."]) == 2
    assert capsys.readouterr() == (
        "",
        "Error: Two things are wrong.\n  Mend them.\n  - flow.dag.yaml:3:7: No node is called x. Correct the name.\n",
    )


def test_json_gets_its_object_even_then(capsys: pytest.CaptureFixture[str]) -> None:
    report(UsageError("Unrecognized arguments: --bogus.", hint="See help."), ["run", "--json", "--bogus"])
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "status": "failed",
        "outputs": {},
        "nodes": {},
        "metrics": {},
        "error": {"kind": "usage", "message": "Unrecognized arguments: --bogus.", "node": None, "hint": "See help."},
        "seconds": 0.0,
        "run_id": None,
    }
    report(UsageError("x"), ["validate", "--json", "."])
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "usage"
    report(UsageError("x"), ["run", ".", "--", "--json"])
    assert capsys.readouterr().out == ""


def test_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_cancelled(["run", ".", "--json"]) == 130
    captured = capsys.readouterr()
    assert json.loads(captured.out)["status"] == "cancelled"
    assert captured.err == "Stopped.\n"


def test_a_fault_of_ours_is_a_sentence_and_a_traceback_only_when_asked(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    sink.use(Redactor("sk-1234567890"))
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("key sk-1234567890")
    assert report(caught.value, ["show", "."]) == 1
    text = capsys.readouterr().err
    assert text.startswith("Error: Flowloom itself failed: RuntimeError: key ***.\n")
    assert "Traceback" not in text
    monkeypatch.setenv("FLOWLOOM_DEBUG", "1")
    report(caught.value, ["show", "."])
    text = capsys.readouterr().err
    assert "Traceback" in text
    assert "sk-1234567890" not in text


def test_a_full_disk_is_not_our_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OSError(28, "No space left on device"), ["show", "."]) == 1
    assert capsys.readouterr().err.startswith("Error: The answer cannot be written: No space left on device.\n")
