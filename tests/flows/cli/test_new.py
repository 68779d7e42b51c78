from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.document.templates import templates


def test_the_list_says_what_each_is(cli: Callable) -> None:
    listed = cli("new").out
    for name in templates():
        (line,) = [line for line in listed.splitlines() if line.split(" ")[0] == name]
        assert len(line.split()) > 3


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_template_is_sound(cli: Callable, name: str) -> None:
    done = cli("validate", templates()[name], "--json")
    assert [problem for problem in json.loads(done.out)["problems"] if problem["severity"] == "error"] == []


def test_a_new_flow_runs(cli: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    made = cli("new", folder, "--template", "python")
    assert made.code == 0
    assert f"flowloom run {folder}" in made.out
    done = cli("run", folder, "--json", "-i", "name=Ada")
    assert "* Hello Ada, good to see you. *" in json.loads(done.out)["outputs"]["greeting"]


def test_what_is_there_is_never_overwritten(cli: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    done = cli("new", tmp_path / "mine")
    assert done.code == 2
    assert "is there already and is not empty" in done.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do(cli: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert cli("new", tmp_path / "mine", "--template", "chat").code == 0
    assert (tmp_path / "mine" / "flow.dag.yaml").is_file()


def test_an_unknown_template_lists_those_there_are(cli: Callable, tmp_path: Path) -> None:
    done = cli("new", tmp_path / "mine", "--template", "magic")
    assert done.code == 2
    assert "question" in done.err
    assert not (tmp_path / "mine").exists()
