"""The ports of a flow's nodes, and why some cannot be told."""

from __future__ import annotations

from pathlib import Path

from flowloom.flows.document.flow_file import read
from flowloom.flows.errors import DocumentError, UsageError
from flowloom.flows.model.build import build
from flowloom.flows.model.flow import Constant, NodeName, Reference
from flowloom.flows.model.ports import FlowPorts
from flowloom.flows.node.registry import default_registry

FLOW = """
inputs: {q: {type: int}}
nodes:
- {name: tool, type: python, source: {type: code, path: tool.py}, inputs: {x: 1}}
- {name: free, type: python, source: {type: code, path: free.py}}
- {name: ask, type: prompt, source: {type: code, path: ask.jinja2}}
- {name: lost, type: prompt, source: {type: code, path: lost.jinja2}}
- {name: strange, type: python, source: {type: package, tool: no.such.tool}}
"""


def ports(folder: Path) -> FlowPorts:
    (folder / "flow.dag.yaml").write_text(FLOW)
    (folder / "tool.py").write_text("from promptflow.core import tool\n@tool\ndef f(x: int) -> list: ...\n")
    (folder / "free.py").write_text("from promptflow.core import tool\n@tool\ndef f(**more): ...\n")
    (folder / "ask.jinja2").write_text("{{ b }} ![image]({{ a }})")
    file = read(folder)
    return FlowPorts(build(file).flow, file, default_registry())


def test_ports_are_those_of_the_node_types(tmp_path: Path) -> None:
    found = ports(tmp_path)
    assert list(found.ports) == ["tool", "free", "ask"]
    assert found.ports["tool"].inputs["x"].type == "int"
    assert {name: port.type for name, port in found.ports["ask"].inputs.items()} == {"b": "any", "a": "image"}
    assert isinstance(found.faults["lost"], DocumentError)
    assert isinstance(found.faults["strange"], UsageError)


def test_an_input_goes_into_a_port_where_the_node_takes_it(tmp_path: Path) -> None:
    found = ports(tmp_path)
    node = found.flow.nodes
    port = found.input_port(node[NodeName("tool")], "x")
    assert port is not None
    assert port.type == "int"
    assert found.input_port(node[NodeName("tool")], "y") is None
    assert found.input_port(node[NodeName("lost")], "y") is None
    any_name = found.input_port(node[NodeName("free")], "y")
    assert any_name is not None
    assert not any_name.required


def test_what_a_binding_brings(tmp_path: Path) -> None:
    found = ports(tmp_path)
    assert found.type_of(Constant([1])) == "list"
    assert found.type_of(Reference("input", "q")) == "int"
    assert found.type_of(Reference("input", "nobody")) == "any"
    assert found.type_of(Reference("node", "tool")) == "list"
    assert found.type_of(Reference("node", "tool", (0,))) == "any"
    assert found.type_of(Reference("node", "ask")) == "string"
    assert found.type_of(Reference("node", "nobody")) == "any"
