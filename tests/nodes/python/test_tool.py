from __future__ import annotations

import asyncio
import json

import pytest

from flowloom.flows import load_flow
from flowloom.flows.errors import FlowloomError
from flowloom.flows.node.registry import default_registry

HEAD = "from promptflow.core import tool\n"


@pytest.fixture
def flow(tmp_path):
    """A flow of one Python node ``n``; ``files`` are beside its tool ``t.py``."""

    def flow(tool: str, inputs: str = "{}", files: dict[str, str] | None = None):
        text = (
            "inputs: {s: {type: string, default: hello}}\n"
            "outputs: {out: {type: string, reference: '${n.output}'}}\n"
            f"nodes:\n- {{name: n, type: python, source: {{type: code, path: t.py}}, inputs: {inputs}}}\n"
        )
        for name, content in {"flow.dag.yaml": text, "t.py": tool, **(files or {})}.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, encoding="utf-8")
        return load_flow(tmp_path)

    return flow


@pytest.mark.parametrize(
    ("tool", "inputs", "expected"),
    [
        (
            "@tool\ndef t(a: int, b: float, c: bool, d: str, e: list, f: dict, g, h=3, i='x'):\n    return [a, b, c, d, e, f, g, h, i]",
            '{a: "5", b: "2.5", c: "TRUE", d: 5, e: "[1]", f: "{\\"k\\": 1}", g: "[1]", h: "7", i: 9}',
            [5, 2.5, True, "5", [1], {"k": 1}, [1], 7, "9"],
        ),
        ("@tool\ndef t(a: str = 'd', b: int = 4):\n    return [a, b]", '{a: "", b: null}', ["d", 4]),
        ("@tool\ndef t(a, **more):\n    return [a, more]", '{a: 1, b: "2", c: "${inputs.s}", d: null}', [1, {"b": "2", "c": "hello"}]),
        ("@tool\nasync def t(a: int = 1):\n    return a", "{}", 1),
        ("@tool\ndef t():\n    yield 'a'\n    yield 1", "{}", "a1"),
        ("@tool\nasync def t():\n    yield 'a'\n    yield 'b'", "{}", "ab"),
        ("def f(a=1):\n    return a\nmade = tool(f)", '{a: "4"}', 4),
        ("from helper import other\n@tool\ndef t():\n    return other()", "{}", "another tool, called as a function"),
        ("from flowloom.flows import tool\n@tool\ndef t():\n    return 1", "{}", 1),
        (
            "from enum import Enum\nclass C(Enum):\n    A = 'a'\n@tool\ndef t(a: C, b: C = C.A):\n    return [a, b is C.A]",
            "{a: nothing of these}",
            ["nothing of these", True],
        ),
        ("from flowloom.flows.node.context import Context\n@tool\ndef t(ctx: Context, a: int = 1):\n    return [ctx.node, a]", "{}", ["n", 1]),
    ],
)
def test_tools_run_as_in_prompt_flow(flow, tool, inputs, expected):
    helper = HEAD + "@tool\ndef other():\n    return 'another tool, called as a function'\n"
    with flow(HEAD + tool + "\n", inputs, {"helper.py": helper}) as loaded:
        assert loaded.run()["out"] == expected


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("def t(): ...", r"t\.py"),
        ("@tool\ndef t(): ...\n@tool\ndef u(): ...", r"2 tools \(t, u\)"),
        ("@tool\ndef t(): ...\nmain = t", "2 tools"),
        ("from helper import other", r"t\.py"),
        ("class P:\n    @tool\n    def run(self): ...", r"t\.py"),
    ],
)
def test_a_file_holds_exactly_one_tool(flow, tool, words):
    helper = HEAD + "@tool\ndef other(): ...\n"
    with flow(HEAD + tool + "\n", "{}", {"helper.py": helper}) as loaded:
        result = loaded.run_result()
    assert result.status == "failed"
    assert result.nodes == {}
    assert result.error.node == "n"
    with pytest.raises(FlowloomError, match=words):
        result.raise_for_status()


def test_an_error_shows_the_users_line_and_the_node(flow):
    tool = HEAD + "import helper\n@tool\ndef t(n: int):\n    return helper.half(n)\n"
    with flow(tool, "{n: 0}", {"helper.py": "def half(n):\n    return 1 / n\n"}) as loaded:
        result = loaded.run_result()
    assert result.nodes["n"].status == "failed"
    assert result.error.as_json() == {
        "kind": "tool",
        "message": "In helper.py, line 2: ZeroDivisionError: division by zero",
        "node": "n",
        "hint": "Look at line 2 of helper.py.",
    }


def test_a_tool_that_ends_the_process_fails_alone(flow):
    with flow(HEAD + "import sys\n@tool\ndef t():\n    sys.exit(1)\n") as loaded:
        result = loaded.run_result()
    assert (result.status, result.nodes["n"].status) == ("failed", "failed")
    assert result.error.message == "In t.py, line 5: the code ended itself with sys.exit(1)"


def test_ports_come_from_the_syntax_tree_and_follow_the_folders_modules(flow, tmp_path):
    witness = tmp_path / "executed"
    tool = f"{HEAD}open({str(witness)!r}, 'w')\nfrom kinds import Colour\n@tool\ndef t(a: int, b: Colour, c='x'): ...\n"
    with flow(tool, "{}", {"kinds.py": "from enum import Enum\nclass Colour(Enum):\n    RED = 'red'\n"}) as loaded:
        node = loaded.flow.nodes["n"]
        ports = default_registry().resolve(node).ports(node, loaded.flow, loaded.file)
    assert {name: (port.type, port.choices) for name, port in ports.inputs.items()} == {
        "a": ("int", ()),
        "b": ("string", ("red",)),
        "c": ("string", ()),
    }
    assert not witness.exists()


def test_what_a_tool_imports_enters_its_cache_key(flow, tmp_path):
    tool = HEAD + "import helper\n@tool\ndef t():\n    return helper.value\n"
    with flow(tool, "{}", {"helper.py": "value = 1\n"}) as loaded:
        first = loaded.prepare().step("n").bound.fingerprint
    (tmp_path / "helper.py").write_text("value = 2\n")
    with load_flow(tmp_path) as loaded:
        assert loaded.prepare().step("n").bound.fingerprint != first
        assert loaded.run() == {"out": 2}


async def test_flows_with_the_same_files_run_side_by_side(tmp_path):
    flows = []
    for name in "ab":
        folder = tmp_path / name
        folder.mkdir()
        (folder / "helper.py").write_text(f"name = '{name}'\n")
        (folder / "late.py").write_text("import helper\nname = helper.name\n")
        (folder / "t.py").write_text(
            HEAD + "import asyncio, helper\n@tool\nasync def t():\n    await asyncio.sleep(0)\n    import late\n    return helper.name + late.name\n"
        )
        node = {"name": "n", "type": "python", "source": {"type": "code", "path": "t.py"}, "inputs": {}}
        (folder / "flow.dag.yaml").write_text(json.dumps({"outputs": {"o": {"type": "string", "reference": "${n.output}"}}, "nodes": [node]}))
        flows.append(load_flow(folder))
    results = await asyncio.gather(*[flow.arun() for flow in flows * 5])
    assert [result["o"] for result in results] == ["aa", "bb"] * 5
    for flow in flows:
        flow.close()


def test_metrics_of_an_aggregation(flow, tmp_path):
    text = json.dumps(
        {
            "inputs": {"x": {"type": "int", "default": 4}},
            "outputs": {"o": {"type": "int", "reference": "${n.output}"}},
            "nodes": [
                {"name": "n", "type": "python", "source": {"type": "code", "path": "n.py"}, "inputs": {"x": "${inputs.x}"}},
                {
                    "name": "g",
                    "type": "python",
                    "aggregation": True,
                    "source": {"type": "code", "path": "g.py"},
                    "inputs": {"xs": "${n.output}", "weight": "2"},
                },
            ],
        }
    )
    files = {
        "flow.dag.yaml": text,
        "n.py": HEAD + "@tool\ndef t(x: int):\n    return x + 1\n",
        "g.py": "from promptflow.core import tool, log_metric\n@tool\ndef g(xs: list, weight: int):\n    log_metric('sum', weight * sum(xs))\n    return xs\n",
    }
    with flow("", "{}", files) as loaded:
        result = loaded.run_result()
    assert (result.outputs, result.metrics, result.nodes["g"].output) == ({"o": 5}, {"sum": 10}, [5])
