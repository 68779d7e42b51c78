"""Flex flows, prompty files and includes."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.flow_file import read
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate import validate
from flowloom.flows.node.registry import default_registry


def problems(folder: Path, name: str, text: str, **files: str) -> list[Problem]:
    for path, content in {name: text, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return validate(read(folder / name), default_registry())


@pytest.mark.parametrize(
    "source",
    [
        "def go(): ...",
        "class go: ...",
        "from other import go",
        "go = other",
        "from other import *",
        "globals()['go'] = print",
        "def __getattr__(name): ...",
    ],
)
def test_an_entry_may_be_made_in_many_ways(tmp_path: Path, source: str) -> None:
    assert problems(tmp_path, "flow.flex.yaml", "entry: mine:go\n", **{"mine.py": source}) == []


@pytest.mark.parametrize("source", ["def other(): ...", "go = 5"])
def test_an_entry_that_is_not_there_is_told(tmp_path: Path, source: str) -> None:
    (problem,) = problems(tmp_path, "flow.flex.yaml", "entry: deep.mine:go\n", **{"deep/mine.py": source})
    assert (problem.code, problem.severity, problem.line) == ("flex.unknown_entry", "error", 1)


def test_an_entry_in_a_file_that_is_not_python_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "flow.flex.yaml", "entry: mine:go\n", **{"mine.py": "x = 1\ndef ("})
    assert (problem.code, problem.file, problem.line) == ("tool.syntax", "mine.py", 2)


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_fault_in_a_prompty_is_told_with_its_line_in_the_file(tmp_path: Path, break_: str) -> None:
    text = break_.join(["---", "name: x", "model: {api: chat}", "---", "user:", "Hi", "{% if %}", ""])
    found = [problem for problem in problems(tmp_path, "a.prompty", text) if problem.code == "prompt.syntax"]
    assert [(problem.file, problem.line) for problem in found] == [("a.prompty", 7)]


def test_includes_may_come_from_the_project_the_flow_is_part_of(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shared" / "data").mkdir(parents=True)
    text = "additional_includes: [../../shared, ../../shared/data.zip, ../../shared/none.zip, ../../../x]\nnodes: []\n"
    found = problems(tmp_path / "flows" / "mine", "flow.dag.yaml", text)
    assert [(problem.code, problem.line) for problem in found if problem.severity == "error"] == [
        ("include.missing", 1),
        ("include.path", 1),
    ]
    assert "none.zip" in found[1].message or "none.zip" in found[0].message


def test_without_a_project_includes_come_from_beside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    text = "additional_includes: [../a.py, ../../b.py]\nnodes: []\n"
    found = [
        problem.code for problem in problems(tmp_path / "flow", "flow.dag.yaml", text) if problem.severity == "error"
    ]
    assert found == ["include.path"]
