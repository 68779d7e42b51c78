from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

KEYS = ["status", "outputs", "nodes", "metrics", "error", "seconds", "run_id"]
NODE_KEYS = ["status", "output", "seconds", "cached", "usage", "error"]


def test_json_is_exactly_the_object(process: Callable, hello: Path) -> None:
    done = process("run", hello, "--json", "-i", "name=Ada")
    assert done.code == 0
    answer = json.loads(done.out)
    assert list(answer) == KEYS
    assert (answer["status"], answer["outputs"], answer["error"]) == ("completed", {"greeting": "HELLO ADA!"}, None)
    assert list(answer["nodes"]) == ["greet", "shout"]
    assert list(answer["nodes"]["shout"]) == NODE_KEYS
    assert (answer["nodes"]["shout"]["status"], answer["nodes"]["shout"]["output"]) == ("completed", "HELLO ADA!")
    assert answer["run_id"]


def test_prints_of_every_sort_go_to_stderr(process: Callable, one_tool: Callable[..., Path]) -> None:
    flow = one_tool(
        "print('printed')\nos.system('echo child')\nos.write(1, b'descriptor\\n')\nsys.__stdout__.write('original\\n')\nreturn 'x'",
        above="import os, sys\nprint('imported')",
    )
    done = process("run", flow, "--json")
    assert json.loads(done.out)["outputs"] == {"answer": "x"}
    assert {"imported", "printed", "child", "descriptor", "original"} <= set(done.err.split())


def test_events_are_lines_that_end_with_the_run(process: Callable, hello: Path) -> None:
    done = process("run", hello, "--events")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["type"] for event in events] == [
        "run_started",
        "node_started",
        "node_finished",
        "node_started",
        "node_finished",
        "run_finished",
    ]
    assert events[-1]["outputs"] == {"greeting": "HELLO WORLD!"}


def test_without_options_the_output_alone_is_on_stdout(process: Callable, hello: Path) -> None:
    done = process("run", hello)
    assert (done.code, done.out) == (0, "HELLO WORLD!\n")
    assert "greet" in done.err
    assert "done" in done.err


@pytest.mark.parametrize(
    ("arguments", "inputs", "value"),
    [
        (["-i", "x=42"], "{x: {type: int}}", 42),
        (["-i", "x=0.5"], "{x: {type: double}}", 0.5),
        (["-i", "x=TRUE"], "{x: {type: bool}}", True),
        (["-i", "x=007"], "{x: {type: string}}", "007"),
        (["-i", "x=a=b"], "{x: {type: string}}", "a=b"),
        (["-i", 'x=[1, "a"]'], "{x: {type: list}}", [1, "a"]),
        (["-i", 'x={"a": 1}'], "{x: {type: object}}", {"a": 1}),
        (["-i", "x=first", "-i", "x=last"], "{x: {type: string}}", "last"),
    ],
)
def test_values_take_the_types_of_the_inputs(
    cli: Callable, one_tool: Callable[..., Path], arguments, inputs: str, value
) -> None:
    flow = one_tool("return x", "x", inputs=inputs, node='{x: "${inputs.x}"}')
    done = cli("run", flow, "--json", *arguments)
    assert json.loads(done.out)["outputs"] == {"answer": value}


def test_an_inputs_file_and_a_value_over_it(cli: Callable, one_tool: Callable[..., Path], tmp_path: Path) -> None:
    flow = one_tool(
        "return [a, b]",
        "a, b",
        inputs="{a: {type: int}, b: {type: string}}",
        node='{a: "${inputs.a}", b: "${inputs.b}"}',
    )
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1, "b": "file"}\n{"a": 2, "b": "second"}\n')
    done = cli("run", flow, "--json", "--inputs", file, "-i", "b=given")
    assert json.loads(done.out)["outputs"] == {"answer": [1, "given"]}


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ([], "input", "The flow needs values for 'a' and 'b'."),
        (["-i", "a=1"], "input", "The flow needs a value for 'b'."),
        (["-i", "a=one", "-i", "b=x"], "input", "'a'"),
        (["-i", "a"], "usage", "-i needs name=value"),
        (["--inputs", "nowhere.json"], "usage", "nowhere.json cannot be read"),
        (["-e", "X"], "usage", "-e needs NAME=VALUE"),
        (["-i", "a=1", "-i", "b=x", "--node", "ghost"], "usage", "ghost"),
        (["--only"], "usage", "--only needs --node"),
        (["--variant", "${work}"], "usage", "does not name a node and its variant"),
        (["--connections", "nowhere.yaml"], "connection", "nowhere.yaml cannot be read"),
        (["--bogus"], "usage", "--bogus"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_the_object_too(
    cli: Callable, one_tool: Callable[..., Path], arguments: list[str], kind: str, words: str
) -> None:
    flow = one_tool(
        "return [a, b]",
        "a, b",
        inputs="{a: {type: int}, b: {type: string}}",
        node='{a: "${inputs.a}", b: "${inputs.b}"}',
    )
    done = cli("run", flow, "--json", *arguments)
    answer = json.loads(done.out)
    assert list(answer) == KEYS
    assert (answer["status"], answer["error"]["kind"]) == ("failed", kind)
    assert words in answer["error"]["message"]
    assert done.code == (1 if kind == "connection" else 2)
    assert words in done.err


@pytest.mark.parametrize(
    "text",
    [
        "nodes: [",
        "- a list",
        "nodes:\n- {name: a, type: python, source: {type: code, path: a.py}}\n- {name: a, type: python, source: {type: code, path: a.py}}\n",
        'nodes:\n- {name: a, type: python, source: {type: code, path: a.py}, inputs: {x: "${a.output}"}}\n',
    ],
)
def test_an_invalid_flow_prints_the_object_too(cli: Callable, write_flow: Callable[..., Path], text: str) -> None:
    sound = "from promptflow.core import tool\n@tool\ndef a(x=1): return x\n"
    done = cli("run", write_flow({"flow.dag.yaml": text, "a.py": sound}), "--json")
    answer = json.loads(done.out)
    assert list(answer) == KEYS
    assert (done.code, answer["status"]) == (2, "failed")
    assert answer["error"]["message"]
    assert "Traceback" not in done.err


def test_a_failing_tool_is_a_sentence_and_exit_code_1(cli: Callable, one_tool: Callable[..., Path]) -> None:
    done = cli("run", one_tool("raise ValueError('no such order')"), "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["status"], answer["error"]["node"]) == (1, "failed", "work")
    assert answer["nodes"]["work"]["error"] == answer["error"]
    assert "no such order" in done.err
    assert "Traceback" not in done.err


def test_values_that_are_no_json_stay_bare_words(cli: Callable, one_tool: Callable[..., Path]) -> None:
    done = cli("run", one_tool("return [float('nan'), float('inf'), -float('inf')]"), "--json")
    assert '"answer": [NaN, Infinity, -Infinity]' in done.out


def test_any_text_comes_through_as_utf8(process: Callable, one_tool: Callable[..., Path]) -> None:
    flow = one_tool("return 'grün 流程 😀 ' + chr(0xd800) + chr(0)")
    done = process("run", flow, "--json", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert json.loads(done.out)["outputs"]["answer"] == "grün 流程 😀 \\ud800\\u0000"


def test_up_to_a_node(cli: Callable, hello: Path) -> None:
    answer = json.loads(cli("run", hello, "--json", "--node", "greet").out)
    assert (answer["status"], list(answer["nodes"])) == ("completed", ["greet"])


def test_a_partial_run_asks_only_for_what_it_needs(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": """
inputs: {a: {type: string}, b: {type: string}}
nodes:
- {name: one, type: prompt, source: {type: code, path: one.jinja2}, inputs: {x: "${inputs.a}"}}
- {name: two, type: prompt, source: {type: code, path: one.jinja2}, inputs: {x: "${inputs.b}"}}
""",
            "one.jinja2": "{{x}}",
        }
    )
    assert json.loads(cli("run", flow, "--json", "--node", "one", "-i", "a=1").out)["status"] == "completed"
    asked = json.loads(cli("run", flow, "--json", "--node", "one", "-i", "b=1").out)["error"]["message"]
    assert asked == "The flow needs a value for 'a'."


def test_metrics_are_told_beside_the_outputs(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": """
inputs: {a: {type: int, default: 4}}
outputs: {same: {type: int, reference: "${one.output}"}}
nodes:
- {name: one, type: python, source: {type: code, path: one.py}, inputs: {a: "${inputs.a}"}}
- {name: all, type: python, source: {type: code, path: all.py}, inputs: {a: "${one.output}"}, aggregation: true}
""",
            "one.py": "from promptflow.core import tool\n@tool\ndef one(a: int) -> int: return a\n",
            "all.py": "from promptflow.core import log_metric, tool\n@tool\ndef all(a: list): log_metric('mean', sum(a) / len(a))\n",
        }
    )
    done = cli("run", flow)
    assert (done.code, done.out) == (0, "4\n")
    assert "metric  mean = 4.0" in done.err
    assert json.loads(cli("run", flow, "--json").out)["metrics"] == {"mean": 4.0}


def test_pins_stand_in_for_a_node_and_only_when_asked(cli: Callable, hello: Path) -> None:
    (hello / "flow.pins.json").write_text(json.dumps({"version": 1, "pins": {"greet": {"output": "pinned text"}}}))
    assert json.loads(cli("run", hello, "--json").out)["outputs"] == {"greeting": "HELLO WORLD!"}
    done = cli("run", hello, "--json", "--pins")
    assert json.loads(done.out)["outputs"] == {"greeting": "PINNED TEXT"}


def test_environment_variables_reach_the_flow_and_go_again(
    cli: Callable, one_tool: Callable[..., Path], monkeypatch
) -> None:
    import os

    monkeypatch.delenv("GREETING", raising=False)
    flow = one_tool("return os.environ.get('GREETING')", above="import os")
    assert json.loads(cli("run", flow, "--json", "-e", "GREETING=hi=ho").out)["outputs"] == {"answer": "hi=ho"}
    assert "GREETING" not in os.environ


def test_an_input_the_flow_lacks_is_said(cli: Callable, hello: Path) -> None:
    done = cli("run", hello, "--json", "-i", "nmae=x")
    assert done.code == 0
    assert "no input 'nmae'" in done.err
    assert "It takes: name." in done.err


def test_a_generator_is_joined(cli: Callable, one_tool: Callable[..., Path]) -> None:
    flow = one_tool("for word in ('a', 'b', 'c'): yield word")
    answer = json.loads(cli("run", flow, "--json").out)
    assert (answer["outputs"], answer["nodes"]["work"]["output"]) == ({"answer": "abc"}, "abc")


def test_plain_leaves_the_streams_alone(process: Callable, one_tool: Callable[..., Path]) -> None:
    flow = one_tool("print('asked', input('? '))\nreturn 'x'")
    done = process("run", flow, "--plain", stdin="typed\n")
    assert done.code == 0
    assert "asked typed" in done.out + done.err
    assert done.out.endswith("x\n")


def test_a_connection_reaches_its_tool(cli: Callable, one_tool: Callable[..., Path], tmp_path: Path) -> None:
    flow = one_tool(
        "return [c.url, c['key'], sorted(dict(c))]",
        "c: CustomConnection",
        above="from promptflow.connections import CustomConnection",
        node="{c: mine}",
    )
    file = tmp_path / "connections.yaml"
    file.write_text("mine: {type: custom, configs: {url: u}, secrets: {key: k}}\n")
    answer = json.loads(cli("run", flow, "--json", "--connections", file).out)
    assert answer["outputs"] == {"answer": ["u", "k", ["key", "url"]]}


def test_an_unknown_connection_says_how_to_add_it(process: Callable, one_tool: Callable[..., Path]) -> None:
    flow = one_tool(
        "return 1", "c: CustomConnection", above="from promptflow.connections import CustomConnection", node="{c: mine}"
    )
    done = process("run", flow, "--json")
    error = json.loads(done.out)["error"]
    assert (done.code, error["kind"], error["node"]) == (1, "connection", "work")
    assert error["hint"] == "Add it: flowloom connection add mine --type custom"
