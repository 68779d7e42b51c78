from __future__ import annotations

import asyncio
import json

import pytest

from flowloom.flows import load_flow
from flowloom.flows.connections.store import Connections
from flowloom.flows.errors import ConnectionFault, FlowloomError, InputError, ToolLoadError
from flowloom.flows.node.registry import default_registry

CONNECTIONS = """
oai: {type: open_ai, api_key: sk-0123456789, base_url: "http://127.0.0.1:9/v1"}
az: {type: azure_open_ai, api_key: azkey-01234, api_base: "http://127.0.0.1:9", api_version: v1}
"""
CLASS = """
class Flow:
    def __init__(self, p: str, q: int = 3):
        self.p, self.q = p, q
    def __call__(self, a: str):
        return {"a": a, "p": self.p, "q": self.q}
"""


@pytest.fixture
def load(tmp_path):
    def load(flow: str, code: str, files: dict[str, str] | None = None, init=None):
        for name, content in {"flow.flex.yaml": flow, "m.py": code, "c.yaml": CONNECTIONS, **(files or {})}.items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, encoding="utf-8")
        return load_flow(tmp_path / "flow.flex.yaml", connections=Connections(tmp_path / "c.yaml"), init=init)

    return load


@pytest.fixture
def run(load):
    def run(flow: str, code: str, inputs=None, init=None, files=None):
        with load(flow, code, files, init) as loaded:
            return loaded.run(**(inputs or {}))

    return run


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def f(a: str = 'x'):\n    return a", {"output": "x"}),
        ("def f():\n    return None", {"output": None}),
        ("def f():\n    return [1]", {"output": [1]}),
        ("def f():\n    return {'x': 1, 'g': iter(['a', 2])}", {"x": 1, "g": "a2"}),
        ("def f():\n    yield 'a'\n    yield 1", {"output": "a1"}),
        ("async def f():\n    yield 'a'\n    yield 'b'", {"output": "ab"}),
        ("async def f():\n    return {'x': 1}", {"x": 1}),
        (
            "from dataclasses import dataclass\n@dataclass\nclass R:\n    a: str\n    g: object\ndef f():\n    return R('x', (c for c in 'bc'))",
            {"a": "x", "g": "bc"},
        ),
        ("from promptflow.tracing import trace\n@trace\ndef f(a: str = 'x'):\n    return a", {"output": "x"}),
        ("from promptflow.core import tool\n@tool\ndef f(a: str = 'x'):\n    return a", {"output": "x"}),
        ("import helper\ndef f():\n    return helper.value", {"output": "of the folder"}),
    ],
)
def test_results_become_outputs(run, body, expected):
    assert run("entry: m:f\n", body + "\n", files={"helper.py": "value = 'of the folder'\n"}) == expected


@pytest.mark.parametrize(
    ("flow", "inputs", "expected"),
    [
        ("", {"a": "1", "b": "2"}, ["1", 2]),
        ("", {"a": 1, "b": "[3]", "unknown": 5}, ["1", InputError]),
        ("sample: {inputs: {a: sampled, b: 7}}", {}, ["sampled", 7]),
        ("sample: {inputs: {a: sampled, b: 7}}", {"b": 1}, InputError),
        ("inputs: {a: {type: string, default: told}, b: {type: int, default: 5}}", {}, ["told", 5]),
        ("inputs: {a: {type: string, default: told}, b: {type: string}}", {"b": 6}, ["told", "6"]),
        ("", {}, InputError),
    ],
)
def test_inputs_follow_the_file_then_the_code(run, flow, inputs, expected):
    code = "def f(a: str, b: int):\n    return {'v': [a, b]}\n"
    if expected is InputError or InputError in expected:
        with pytest.raises(InputError):
            run(f"entry: m:f\n{flow}\n", code, inputs)
    else:
        assert run(f"entry: m:f\n{flow}\n", code, inputs)["v"] == expected


def test_python_defaults_apply_and_reach_the_function_as_they_are(run):
    code = "def f(a: int = 3, b: list = [1], c: int = None, **more):\n    return {'v': [a, b, c, more]}\n"
    assert run("entry: m:f\n", code)["v"] == [3, [1], None, {}]
    assert run("entry: m:f\n", code, {"a": "4", "c": "5", "more": 6})["v"] == [4, [1], "5", {}]


@pytest.mark.parametrize(
    ("flow", "init", "expected"),
    [
        ("", {"p": "given"}, {"a": "x", "p": "given", "q": 3}),
        ("sample: {init: {p: sampled}}", None, {"a": "x", "p": "sampled", "q": 3}),
        ("sample: {init: {p: sampled, q: 9}}", {"p": "given"}, {"a": "x", "p": "given", "q": 3}),
        ("init: {p: {type: string, default: told}}", None, {"a": "x", "p": "told", "q": 3}),
        ("init: {p: {type: string, default: told}}", {"p": "given", "q": 1}, {"a": "x", "p": "given", "q": 1}),
    ],
)
def test_a_class_is_made_with_init_values(run, flow, init, expected):
    assert run(f"entry: m:Flow\n{flow}\n", CLASS, {"a": "x"}, init) == expected


def test_a_class_without_its_init_values_says_how_to_give_them(run):
    with pytest.raises(FlowloomError, match=r"missing 1 required positional argument: 'p'") as raised:
        run("entry: m:Flow\n", CLASS, {"a": "x"})
    assert "--init" in raised.value.hint


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("OpenAIConnection", "oai", ["OpenAIConnection", "sk-0123456789"]),
        ("OpenAIModelConfiguration", {"model": "g", "api_key": "k"}, ["OpenAIModelConfiguration", "k"]),
        ("OpenAIModelConfiguration", {"model": "g", "connection": "oai"}, ["OpenAIModelConfiguration", "sk-0123456789"]),
        ("AzureOpenAIModelConfiguration", {"azure_deployment": "d", "connection": "az"}, ["AzureOpenAIModelConfiguration", "azkey-01234"]),
    ],
)
def test_connections_and_model_configurations_for_a_class(run, parameter, value, expected):
    code = (
        "from promptflow.connections import OpenAIConnection\n"
        "from promptflow.core import AzureOpenAIModelConfiguration, OpenAIModelConfiguration\n"
        f"class Flow:\n    def __init__(self, c: {parameter}):\n        self.c = c\n"
        "    def __call__(self):\n        return {'v': [type(self.c).__name__, self.c.api_key]}\n"
    )
    assert run("entry: m:Flow\n", code, init={"c": value})["v"] == expected
    with pytest.raises((ConnectionFault, InputError)):
        run("entry: m:Flow\n", code, init={"c": "nope" if isinstance(value, str) else 5})


@pytest.mark.parametrize(
    ("flow", "code", "words"),
    [
        ("entry: m:absent", "def f(): ...", "does not exist"),
        ("entry: m:f", "f = 5", "neither a function nor a class"),
        ("entry: absent:f", "", "absent"),
        ("entry: m:f", "1 / 0", r"In m\.py, line 1: ZeroDivisionError"),
        ("entry: m:f", "def f(:", r"In m\.py, line 1: invalid syntax"),
        ("entry: m:Flow", "class Flow:\n    def __init__(self):\n        1 / 0\n    def __call__(self): ...", r"In m\.py, line 3"),
    ],
)
def test_what_cannot_be_loaded_is_said(run, flow, code, words):
    with pytest.raises(FlowloomError, match=words) as raised:
        run(f"{flow}\n", code + "\n")
    assert raised.value.hint


def test_an_error_of_the_function_shows_its_line(load):
    with load("entry: m:f\n", "def f(a: str = 'x'):\n    return 1 / 0\n") as loaded:
        result = loaded.run_result()
    assert result.error.message == "In m.py, line 2: ZeroDivisionError: division by zero"


def test_aggregate_gets_the_rows_with_their_keys_as_attributes(load):
    code = CLASS + "    async def __aggregate__(self, rows):\n        return {'n': len(rows), 'as': ''.join(row.a for row in rows)}\n"
    with load("entry: m:Flow\n", code, init={"p": "x"}) as loaded:
        aggregate = loaded.prepare().step("entry").bound.aggregate
        assert asyncio.run(aggregate([{"a": "x"}, {"a": "y"}])) == {"n": 2, "as": "xy"}
        assert loaded.run_result({"a": "1"}).metrics == {}


def test_aggregate_gets_what_is_no_object_as_it_is(load):
    code = "class Flow:\n    def __call__(self, a: str):\n        return a\n    def __aggregate__(self, rows):\n        return {'rows': rows}\n"
    with load("entry: m:Flow\n", code) as loaded:
        outputs = [loaded.run(a=letter) for letter in "xy"]
        aggregate = loaded.prepare().step("entry").bound.aggregate
        assert outputs == [{"output": "x"}, {"output": "y"}]
        assert aggregate(outputs) == {"rows": ["x", "y"]}


def test_aggregate_takes_one_parameter(run):
    with pytest.raises(ToolLoadError, match="exactly one parameter"):
        run("entry: m:Flow\n", CLASS + "    def __aggregate__(self, rows, more): ...\n", {"a": "x"}, {"p": "x"})


def test_code_names_the_folder_of_the_modules(run):
    assert run("entry: inner:f\ncode: src\n", "", files={"src/inner.py": "import near\ndef f():\n    return near.v\n", "src/near.py": "v = 1\n"}) == {"output": 1}


def test_ports_are_those_of_the_entry_and_nothing_runs(load):
    with load("entry: m:Flow\noutputs: {x: {type: string}}\n", "raise SystemExit\n" + CLASS) as loaded:
        node = loaded.flow.nodes["entry"]
        ports = default_registry().resolve(node, loaded.flow).ports(node, loaded.flow, loaded.file)
    assert list(ports.inputs) == ["a"]
    assert list(ports.outputs) == ["x"]


def test_sample_files(run):
    files = {"s.json": json.dumps({"init": {"p": "from file"}, "inputs": {"a": "b"}})}
    assert run("entry: m:Flow\nsample: ${file:s.json}\n", CLASS, files=files) == {"a": "b", "p": "from file", "q": 3}
