"""Past runs from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.runs.store import RunStore
from flowloom.flows.runs.writer import writer


@pytest.fixture
def ids(cli: Callable[..., Any], hello: Path) -> list[str]:
    """Runs of the flow ``hello``: two that differ in their input, then one that failed."""
    for name in ("Ada", "Grace"):
        assert cli("run", hello, "-i", f"name={name}").code == 0
    (hello / "shout.py").write_text((hello / "shout.py").read_text().replace("text.upper()", "1 / 0"))
    assert cli("run", hello, "-i", "name=Ada").code == 1
    writer.flush()
    return [run.id for run in reversed(RunStore(hello).runs())]


def test_the_list_says_what_each_run_came_to(cli: Callable[..., Any], hello: Path, ids: list[str]) -> None:
    done = cli("runs", "list", hello)
    assert done.code == 0
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == [id[:8] for id in reversed(ids)]
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  failed +\d.\d\d s  .*division", lines[0])
    assert lines[1].endswith("Grace")
    assert "Ada" in cli("runs", "list", hello, "--text", "Ada", "--status", "completed").out
    assert [line.split()[0] for line in cli("runs", "list", hello, "-n", "1").out.splitlines()] == [ids[2][:8]]
    assert cli("runs", "list", hello, "--node", "nobody").err.startswith("No run is like that")
    listed = json.loads(cli("runs", "list", hello, "--json").out)["runs"]
    assert [(run["id"], run["status"], run["about"]) for run in listed] == [
        (ids[2], "failed", "Ada"),
        (ids[1], "completed", "Grace"),
        (ids[0], "completed", "Ada"),
    ]


def test_a_run_and_a_node_of_it(cli: Callable[..., Any], hello: Path, ids: list[str]) -> None:
    done = cli("runs", "show", hello, ids[0][:10])
    assert done.code == 0
    assert ids[0] in done.out
    assert "name: Ada" in done.out
    assert "greeting: HELLO ADA!" in done.out
    assert re.search(r"greet +completed", done.out)
    node = cli("runs", "show", hello, ids[0], "--node", "shout").out
    assert "text: Hello Ada!" in node
    assert "HELLO ADA!" in node
    failed = cli("runs", "show", hello)
    assert "Error: In the node 'shout': " in failed.out
    answer = json.loads(cli("runs", "show", hello, ids[0], "--json").out)
    assert answer["nodes"]["shout"]["inputs"] == {"text": "Hello Ada!"}
    assert answer["nodes"]["shout"]["exact"] is True
    assert answer["ran"]["nodes"]["greet"]["file"] == "greet.jinja2"
    alone = json.loads(cli("runs", "show", hello, ids[0], "--node", "greet", "--json").out)
    assert (alone["node"], alone["output"]) == ("greet", "Hello Ada!")


def test_two_runs_side_by_side(cli: Callable[..., Any], hello: Path, ids: list[str]) -> None:
    done = cli("runs", "compare", hello, ids[0], ids[1])
    assert done.code == 0
    assert "    - Ada\n    + Grace" in done.out
    assert "The first difference is at 'greet'." in done.out
    assert "the same, node by node" in cli("runs", "compare", hello, ids[0], ids[0]).out
    answer = json.loads(cli("runs", "compare", hello, ids[0], "--json").out)
    assert answer["first_difference"] == "shout"
    assert answer["nodes"]["shout"]["changes"] == ["file"]
    assert answer["nodes"]["shout"]["status"] == ["completed", "failed"]
    assert answer["nodes"]["greet"]["output"] == "same"


def test_deleting(cli: Callable[..., Any], hello: Path, ids: list[str]) -> None:
    assert cli("runs", "delete", hello, ids[0][:8], ids[1][:8]).err == "Deleted 2 runs.\n"
    assert [run["id"] for run in json.loads(cli("runs", "list", hello, "--json").out)["runs"]] == [ids[2]]
    assert json.loads(cli("runs", "delete", hello, "--all", "--older-than", "1", "--json").out) == {"deleted": 0}
    assert json.loads(cli("runs", "delete", hello, "--all", "--status", "failed", "--json").out) == {"deleted": 1}
    assert cli("runs", "list", hello).out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "FLOW", "nothing"), "no run 'nothing'"),
        (("show", "FLOW", "--node", "nobody"), "These did: greet, shout"),
        (("compare", "FLOW", "nothing"), "no run 'nothing'"),
        (("delete", "FLOW"), "say --all"),
        (("delete", "FLOW", "x", "--all"), "say --all"),
        (("list", "FLOW", "--limit", "0"), "at least 1"),
        (("list", "nowhere"), "no flow at nowhere"),
        ((), "list|show|compare|delete"),
    ],
)
def test_bad_usage_says_what_to_do(cli: Callable[..., Any], hello: Path, ids: list[str], arguments: Any, words: str) -> None:
    done = cli("runs", *(hello if word == "FLOW" else word for word in arguments))
    assert done.code == 2
    assert words in done.err


def test_looking_creates_nothing(cli: Callable[..., Any], hello: Path) -> None:
    done = cli("runs", "list", hello)
    assert (done.code, done.out) == (0, "")
    assert "No run of this flow is recorded" in done.err
    assert cli("runs", "show", hello).code == 2
    assert not (hello / ".flowloom").exists()


def test_which_runs_are_recorded(cli: Callable[..., Any], hello: Path) -> None:
    def recorded(*options: str) -> bool:
        assert cli("run", hello, *options).code == 0
        writer.flush()
        before, known[:] = len(known), [run.id for run in RunStore(hello).runs()]
        return len(known) > before

    known: list[str] = []
    assert [recorded("--json"), recorded("--events"), recorded("--no-record")] == [False, False, False]
    assert not (hello / ".flowloom").exists()
    assert [recorded(), recorded("--plain"), recorded("--json", "--record")] == [True, True, True]


def test_a_run_counts_where_its_record_cannot_be_kept(process: Callable[..., Any], hello: Path) -> None:
    (hello / ".flowloom").write_text("a file where the folder should be")
    done = process("run", hello)
    assert (done.code, done.out) == (0, "HELLO WORLD!\n")
    assert "Records of a run were not kept" in done.err
