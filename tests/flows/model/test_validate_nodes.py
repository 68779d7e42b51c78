"""Nodes for themselves: where files come from, and what prompt flow lets pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.flow_file import read
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate import validate
from flowloom.flows.node.registry import default_registry

TOOL = "from promptflow.core import tool\n@tool\ndef f({}):\n    return 1\n"
NODE = "nodes:\n- {{name: a, type: python, source: {{type: code, path: {0}}}, inputs: {{{1}}}}}\n"


def problems(folder: Path, text: str, **files: str) -> list[Problem]:
    for name, content in {"flow.dag.yaml": text, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return validate(read(folder / "flow.dag.yaml"), default_registry())


@pytest.mark.parametrize("include", ["../a.py", "../shared", "../x/shared.zip"])
def test_a_file_that_is_included_is_read_only_when_the_flow_runs(tmp_path: Path, include: str) -> None:
    name = include.rpartition("/")[2]
    path = name if name.endswith((".py", ".zip")) else f"{name}/a.py"
    place = (tmp_path / "flow" / include).resolve()
    (place.parent / "shared").mkdir(parents=True, exist_ok=True)
    (place.parent / "shared" / "a.py").write_text("")
    (place.parent / "a.py").write_text("")
    text = f"additional_includes: ['{include}']\n" + NODE.format(path, "x: 1")
    assert problems(tmp_path / "flow", text) == []


def test_an_enum_and_a_base_class_of_another_file_are_followed(tmp_path: Path) -> None:
    files = {
        "kinds.py": "from enum import Enum\nclass How(str, Enum):\n    SLOW = 'slow'\n",
        "deep/base.py": "from promptflow.core import ToolProvider, tool\nclass Base(ToolProvider):\n    @tool\n    def run(self, how: int): ...\n",
        "a.py": "from kinds import How\n" + TOOL.format("how: How"),
        "b.py": "from deep.base import Base\nclass Mine(Base):\n    pass\n",
    }
    (problem,) = problems(tmp_path, NODE.format("a.py", "how: slwo"), **files)
    assert problem.code == "input.choice"
    (problem,) = problems(tmp_path, NODE.format("b.py", "how: many"), **files)
    assert problem.code == "input.type"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("x: int", "'5'"), ("x: int", "null"), ("x: int", "''"), ("x: bool", "'TRUE'"), ("x: list", "'[1]'"), ("x: dict", "nonsense"),
        ("x: str", "[1]"), ("x", "{a: 1}"), ("**x", "1"), ("x=1", "null"), ("x: float", "'nan'"), ("x: 'int'", "abc"), ("x: str | None", "5"),
    ],
)  # fmt: skip
def test_what_prompt_flow_runs_is_no_error(tmp_path: Path, parameter: str, value: str) -> None:
    found = problems(tmp_path, NODE.format("a.py", f"x: {value}"), **{"a.py": TOOL.format(parameter)})
    assert [problem for problem in found if problem.severity == "error"] == []


@pytest.mark.parametrize(("inputs", "severity"), [("text: x", "error"), ("key: x", "warning")])
def test_what_a_class_of_tools_is_made_with_is_missed_before_a_run(tmp_path: Path, inputs: str, severity: str) -> None:
    source = (
        "from promptflow.core import ToolProvider, tool\nclass P(ToolProvider):\n    def __init__(self, key): ...\n"
        "    @tool\n    def go(self, text): ...\n"
    )
    (problem,) = problems(tmp_path, NODE.format("a.py", inputs), **{"a.py": source})
    assert (problem.code, problem.severity) == ("input.missing", severity)


def test_a_context_is_no_input(tmp_path: Path) -> None:
    source = "from flowloom.flows import Context, tool\n@tool\ndef f(ctx: Context, x: int): ...\n"
    assert problems(tmp_path, NODE.format("a.py", "x: 1"), **{"a.py": source}) == []
    assert [problem.code for problem in problems(tmp_path, NODE.format("a.py", "x: 1, ctx: 2"))] == ["input.unknown"]


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("there.png", []), ("none.png", ["input.type"]), ("'https://no.such.host.invalid/a.png'", []), ("{'data:image/png;path': none.png}", ["input.type"]),
        ("{'data:image/png;base64': aGk=}", []), ("{'data:image/png;url': 'http://127.0.0.1/'}", []), ("{a: 1}", ["input.type"]), ("7", ["input.type"]),
        ("../there.png", ["input.type"]),
    ],
)  # fmt: skip
def test_images_are_looked_for_but_not_fetched(tmp_path: Path, value: str, codes: list[str]) -> None:
    source = "from promptflow.contracts.multimedia import Image\n" + TOOL.format("x: Image")
    found = problems(tmp_path, NODE.format("a.py", f"x: {value}"), **{"a.py": source, "there.png": ""})
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        ("'Dear ${inputs.name}'", True), ("['${a.output}']", True), ("{k: {n: 'x ${b.output.c} y'}}", True), ("' ${inputs.name}'", True),
        ("'costs ${5}'", False), ("'${'", False), ("'{{ name }}'", False), ("'${env}'", False), ("'a $ {inputs.x}'", False),
    ],
)  # fmt: skip
def test_references_among_other_text_are_told(tmp_path: Path, value: str, inside: bool) -> None:
    found = problems(
        tmp_path, "inputs: {name: {type: string}}\n" + NODE.format("a.py", f"x: {value}"), **{"a.py": TOOL.format("x")}
    )
    codes = [problem.code for problem in found if problem.code.startswith("reference.inside")]
    assert codes == ["reference.inside"] * inside


def test_package_tools_know_their_inputs(tmp_path: Path) -> None:
    text = "nodes:\n- {name: a, type: python, source: {type: package, tool: loom.text.join}, inputs: {a: 1, separator: [1]}}\n"
    assert [problem for problem in problems(tmp_path, text) if problem.severity == "error"] == []


def test_a_flex_flow_names_a_file_or_an_installed_module(tmp_path: Path) -> None:
    (tmp_path / "flow.flex.yaml").write_text("entry: mine:go\n")
    (tmp_path / "mine.py").write_text("def go(): ...\n")
    assert validate(read(tmp_path), default_registry()) == []
