from __future__ import annotations

import json
from typing import Any

from flowloom.flows import load_flow
from flowloom.flows.runs.what_ran import WhatRan, changes, model_of, node_inputs, what_ran

LLM = {
    "name": "ask",
    "type": "llm",
    "source": {"type": "code", "path": "p.jinja2"},
    "connection": "local",
    "api": "chat",
    "inputs": {"model": "small", "temperature": 0.5, "question": "${inputs.q}"},
}


def data(write_flow: Any, prompt: str = "user:\n{{question}}", **keys: Any) -> dict[str, Any]:
    root = write_flow({"a": "echo x=${inputs.q}"}, inputs={"q": "Q", "n": {"type": "int"}}, files={"p.jinja2": prompt})
    flow = json.loads(json.dumps({**LLM, **keys}))
    (root / "flow.dag.yaml").write_text((root / "flow.dag.yaml").read_text() + f"- {json.dumps(flow)}\n")
    loaded = load_flow(root)
    return what_ran(loaded.file, loaded.flow)


def test_what_a_flow_was(write_flow: Any) -> None:
    found = data(write_flow)
    assert json.loads(json.dumps(found)) == found
    assert found["flow"] | {"hash": ""} == {"file": "flow.dag.yaml", "kind": "dag", "hash": ""}
    assert found["inputs"] == {"q": "Q"}
    ask = found["nodes"]["ask"]
    assert (ask["file"], ask["connection"], model_of(ask)) == ("p.jinja2", "local", "small")
    assert ask["inputs"] == {"model": {"value": "small"}, "temperature": {"value": 0.5}, "question": {"input": "q"}}


def test_in_what_versions_of_a_node_differ(write_flow: Any) -> None:
    def ask(**keys: Any) -> dict[str, Any]:
        return data(write_flow, **keys)["nodes"]["ask"]

    base = ask()
    assert changes(base, ask()) == ()
    assert changes(base, ask(prompt="user:\nOther: {{question}}")) == ("file",)
    assert changes(base, ask(connection="mine")) == ("connection",)
    assert changes(base, ask(inputs={**LLM["inputs"], "temperature": 1})) == ("temperature",)
    assert changes(base, ask(inputs={**LLM["inputs"], "question": "${a.output}"})) == ("wires",)
    assert changes(base, None) == ()


def test_what_went_into_each_node() -> None:
    ran = {
        "flow": {"kind": "dag"},
        "inputs": {"q": "default", "n": 1},
        "nodes": {
            "a": {"inputs": {"x": {"input": "q"}, "y": {"value": [1]}, "n": {"input": "n"}}},
            "b": {"inputs": {"x": {"node": "a", "path": ["list", 1]}, "y": {"node": "gone", "path": []}, "z": {"node": "a", "path": ["no"]}}},
            "c": {"aggregation": True, "inputs": {"x": {"node": "a", "path": []}}},
        },
    }
    outputs = {"a": {"list": ["p", "q"]}}
    assert node_inputs(ran, {"q": "given"}, outputs) == {
        "a": {"x": "given", "y": [1], "n": 1},
        "b": {"x": "q"},
        "c": {"x": [{"list": ["p", "q"]}]},
    }
    assert node_inputs({"flow": {"kind": "prompty"}, "nodes": {"p": {"inputs": {}}}}, {"q": 1}, {}) == {"p": {"q": 1}}
    assert node_inputs({}, {"q": 1}, {}) == {}


def test_the_text_is_made_once_for_all_runs(write_flow: Any) -> None:
    loaded = load_flow(write_flow({"a": "echo x=1"}))
    ran = WhatRan(loaded.file, loaded.flow)
    assert ran.text is ran.text
    assert json.loads(ran.text) == ran.data
