"""Making nodes ready: once, before anything runs, and with the node's name on whatever goes wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.prepare import shape_of
from flowloom.flows.errors import ConnectionFault, FlowloomError, InputError, InvalidFlow, ToolLoadError

COUNT = "with open(__file__ + '.loads', 'a') as file: file.write('x')\n@tool\ndef counted(x: int = 0, y=None): return x"


def test_code_is_loaded_once_for_all_runs(write_flow: Any) -> None:
    folder = write_flow({"a": "counted x=1"}, tools={"counted": COUNT})
    with load_flow(folder) as flow:
        assert not (folder / "counted.py.loads").exists()
        for _ in range(3):
            flow.run()
    assert (folder / "counted.py.loads").read_text() == "x"


def test_only_what_a_plan_needs_is_loaded(write_flow: Any) -> None:
    folder = write_flow({"a": "echo x=1", "b": "counted x=${a.output}"}, tools={"counted": COUNT})
    assert load_flow(folder).run_result(node="a").status == "completed"
    assert not (folder / "counted.py.loads").exists()


def test_literals_are_in_the_types_of_the_tool(write_flow: Any) -> None:
    nodes = {"a": {"use": "counted", "inputs": {"x": "7", "y": "[1]"}}, "b": {"use": "counted", "inputs": {"x": None, "y": ""}}}
    prepared = load_flow(write_flow(nodes, tools={"counted": COUNT})).prepare()
    assert prepared.step("a").template == {"x": 7, "y": [1]}
    assert prepared.step("a").mutable == ("y",)
    assert prepared.step("b").template == {}


@pytest.mark.parametrize(
    ("node", "tools", "kind"),
    [
        ("counted x=seven", {}, InputError),
        ("broken", {"broken": "import no_such_package_at_all"}, ToolLoadError),
        ("none", {"none": "x = 1"}, ToolLoadError),
        ("linked", {"linked": "from promptflow.connections import CustomConnection\n@tool\ndef linked(c: CustomConnection): pass"}, ConnectionFault),
    ],
)
def test_what_goes_wrong_names_the_node(write_flow: Any, node: str, tools: dict[str, str], kind: type[FlowloomError]) -> None:
    node = f"{node} c=no_such_connection" if node == "linked" else node
    folder = write_flow({"a": "echo x=1", "b": node}, tools={"counted": COUNT, **tools})
    result = load_flow(folder).run_result()
    assert (result.status, result.nodes) == ("failed", {})
    assert result.error is not None
    assert result.error.node == "b"
    assert isinstance(result.error, kind | InvalidFlow)


def test_connections_arrive_as_objects(write_flow: Any, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("mine: {type: custom, configs: {url: u}, secrets: {key: k-123456789}}")
    source = "from promptflow.connections import CustomConnection\n@tool\ndef linked(c: CustomConnection): return [type(c).__name__, c.url, c['key']]"
    by_node = write_flow(
        {"a": "linked c=mine", "n": "echo x=mine", "b": "linked c=${n.output}"}, outputs={"o": "${a.output}", "p": "${b.output}"}, tools={"linked": source}
    )
    expected = ["CustomConnection", "u", "k-123456789"]
    assert load_flow(by_node, connections=tmp_path / "c.yaml").run() == {"o": expected, "p": expected}


def test_closing_forgets_the_code(write_flow: Any) -> None:
    folder = write_flow({"a": "uses"}, tools={"uses": "import helper_of_this_flow\n@tool\ndef uses(): return 1"}, files={"helper_of_this_flow.py": ""})
    flow = load_flow(folder)
    flow.run()
    assert [name for name in sys.modules if name.endswith("helper_of_this_flow")]
    flow.close()
    assert not [name for name in sys.modules if name.endswith("helper_of_this_flow")]
    flow.close()
    assert flow.run() == {}


def test_the_shape_of_a_pass(write_flow: Any) -> None:
    nodes = {"c": "both x=${a.output} y=${b.output}", "a": "echo x=1", "b": "echo x=${a.output}"}
    prepared = load_flow(write_flow(nodes)).prepare()
    steps = prepared.steps(["c", "a", "b"])
    shape = shape_of(steps)
    assert dict(shape.missing) == {"c": 2, "a": 0, "b": 1}
    assert [step.name for step in shape.first] == ["a"]
    assert {name: [step.name for step in waiting] for name, waiting in shape.successors.items()} == {"c": [], "a": ["c", "b"], "b": ["c"]}
    assert dict(shape_of({"c": steps["c"]}, {"a", "b"}).missing) == {"c": 0}
    assert [steps[name].position for name in steps] == [0, 1, 2]


def test_unsaved_text_is_what_runs(write_flow: Any) -> None:
    folder = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
    unsaved = "from promptflow.core import tool\n@tool\ndef echo(x): return 'unsaved'\n"
    assert load_flow(folder, overlay={"echo.py": unsaved}).run() == {"o": "unsaved"}
    assert load_flow(folder).run() == {"o": 1}


def test_a_broken_flow_is_refused_before_anything_is_loaded(write_flow: Any) -> None:
    folder = write_flow({"a": "counted x=1", "b": "echo x=${a.output}"}, tools={"counted": COUNT})
    text = (folder / "flow.dag.yaml").read_text()
    (folder / "flow.dag.yaml").write_text(text.replace("name: b", "name: a"))
    result = load_flow(folder).run_result()
    assert isinstance(result.error, InvalidFlow)
    assert result.error.problems
    assert not (folder / "counted.py.loads").exists()
