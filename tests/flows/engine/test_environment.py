"""Environment variables of a flow: set while it loads and runs, gone afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.connections.store import Connections
from flowloom.flows.engine.environment import Environment

LOOK = {"look": "import os\nAT_IMPORT = os.environ.get('FLOW_TEST_A')\n@tool\ndef look():\n    return [AT_IMPORT, os.environ.get('FLOW_TEST_A')]"}


@pytest.fixture(autouse=True)
def none_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ABCD":
        monkeypatch.delenv(f"FLOW_TEST_{name}", raising=False)


@pytest.mark.parametrize(
    ("written", "outside", "given", "seen"),
    [("file", None, {}, "file"), ("file", "shell", {}, "file"), ("file", "shell", {"FLOW_TEST_A": "given"}, "given"), (None, "shell", {}, "shell")],
)
def test_who_wins(
    write_flow: Any, monkeypatch: pytest.MonkeyPatch, written: str | None, outside: str | None, given: dict[str, str], seen: str
) -> None:
    if outside is not None:
        monkeypatch.setenv("FLOW_TEST_A", outside)
    keys = {"environment_variables": {"FLOW_TEST_A": written}} if written else {}
    root = write_flow({"a": "look"}, outputs={"o": "${a.output}"}, tools=LOOK, **keys)
    with load_flow(root, environment=given) as flow:
        assert flow.run() == {"o": [seen, seen]}
        assert os.environ.get("FLOW_TEST_A") == outside


def test_they_are_put_back_after_a_failure(write_flow: Any) -> None:
    root = write_flow({"a": "fail"}, environment_variables={"FLOW_TEST_A": "1"})
    with load_flow(root) as flow:
        assert flow.run_result().status == "failed"
    assert "FLOW_TEST_A" not in os.environ


def test_what_is_no_text_becomes_one(tmp_path: Path) -> None:
    file = tmp_path / "connections.yaml"
    file.write_text("mine: {type: custom, configs: {url: http://there}, secrets: {key: a-secret-value}}\n")
    written = {"A": [1, "x"], "B": {"k": None}, "C": 3, "D": "${mine.url}", "E": "${mine.key}", "F": "${other.key}", "G": "${mine.nosuch}"}
    environment = Environment({f"FLOW_TEST_{name}": value for name, value in written.items()}, {}, Connections(file))
    with environment:
        found = {name: os.environ[f"FLOW_TEST_{name}"] for name in written}
    assert found == {
        "A": '[1, "x"]', "B": '{"k": null}', "C": "3", "D": "http://there",
        "E": "a-secret-value", "F": "${other.key}", "G": "${mine.nosuch}",
    }
    assert not [name for name in os.environ if name.startswith("FLOW_TEST_")]


def test_overlapping_runs_fall_back_to_the_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOW_TEST_A", "before")
    connections = Connections()
    first = Environment({"FLOW_TEST_A": "first", "FLOW_TEST_B": "first"}, {}, connections)
    second = Environment({"FLOW_TEST_A": "second"}, {}, connections)
    first.__enter__()
    second.__enter__()
    with second:
        assert os.environ["FLOW_TEST_A"] == "second"
    assert os.environ["FLOW_TEST_A"] == "second"
    first.__exit__()
    assert (os.environ["FLOW_TEST_A"], os.environ.get("FLOW_TEST_B")) == ("second", None)
    first.__enter__()
    assert os.environ["FLOW_TEST_A"] == "first"
    first.__exit__()
    assert os.environ["FLOW_TEST_A"] == "second"
    second.__exit__()
    assert os.environ["FLOW_TEST_A"] == "before"
