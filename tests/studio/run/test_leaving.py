"""What leaves this computer, to whom: told before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.model.flow import EMPTY, Constant, Flow, Node, Reference, Source
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.run.cost import FREE, Estimate
from flowloom.studio.run.leaving import Leaving, connection_names, leaving, reaches_out

MODEL = NodeSpec("m", "Ask", "Models", hosts=("{connection}",), kind="llm")
WEB = NodeSpec("w", "Web", "Data", hosts=("{url}",))
PLAIN = NodeSpec("p", "Plain", "Code")


def _node(name: str, *, path: str | None = None, connection: str | None = None, **inputs: object) -> Node:
    bound = {key: value if isinstance(value, Reference) else Constant(value) for key, value in inputs.items()}
    return Node(name, "python", Source("code", path), bound, connection)  # type: ignore[arg-type]


def _look(nodes: list[Node], specs: dict[str, NodeSpec], texts: dict[str, str] = EMPTY, hosts: dict[str, str | None] = EMPTY, estimate: Estimate = FREE) -> Leaving:  # type: ignore[assignment]  # fmt: skip
    flow = Flow(Path("/nowhere"), "flow.dag.yaml", "flow", "dag", nodes={node.name: node for node in nodes})
    return leaving(flow, specs.get, lambda path: texts.get(path, ""), hosts, estimate)


def test_a_flow_on_the_model_of_this_computer_sends_nothing() -> None:
    found = _look([_node("a", connection="local", text=Reference("input", "text"))], {"a": MODEL}, hosts={"local": None})
    assert found.nothing
    assert found.sentence == "Nothing leaves this computer"


def test_a_service_is_named_with_the_fields_it_receives_and_the_cost() -> None:
    nodes = [_node("a", connection="c", text=Reference("input", "text"), temperature=0), _node("b", connection="c", more=Reference("node", "a"))]
    found = _look(nodes, {"a": MODEL, "b": MODEL}, hosts={"c": "api.example.com"}, estimate=Estimate(2, 1000, 0.0123))
    assert found.sentence == "api.example.com receives text, more · about $0.01"
    assert "from a, b" in found.details
    assert "About 1,000 tokens" in found.details


def test_a_service_on_this_computer_is_no_other_computer() -> None:
    assert _look([_node("a", connection="c")], {"a": MODEL}, hosts={"c": "127.0.0.1"}).nothing


def test_several_services_are_counted_and_listed() -> None:
    nodes = [_node("a", connection="c"), _node("w", url="https://example.org/x")]
    found = _look(nodes, {"a": MODEL, "w": WEB}, hosts={"c": "api.example.com"})
    assert found.sentence == "2 services receive data"
    assert "example.org" in found.details


def test_an_address_that_is_worked_out_is_said_to_be() -> None:
    found = _look([_node("w", url=Reference("input", "url"))], {"w": WEB})
    assert found.sentence.startswith("an address that the flow works out receives")


def test_a_connection_that_is_missing_is_not_called_safe() -> None:
    found = _look([_node("a", connection="c")], {"a": MODEL})
    assert not found.nothing
    assert found.sentence == "No connection yet: c"


def test_python_that_can_reach_out_is_named() -> None:
    found = _look([_node("a", path="a.py")], {"a": PLAIN}, {"a.py": "import json\nfrom urllib.request import urlopen\n"})
    assert found.sentence == "a.py may send data out"


@pytest.mark.parametrize(
    ("text", "reaches"),
    [("import requests", True), ("def f():\n    import socket", True), ("import json", False), ("from .http import x", False), ("def (", False)],
)
def test_imports_tell_whether_code_reaches_out(text: str, reaches: bool) -> None:
    assert reaches_out(text) is reaches


def test_connections_are_named_by_nodes_and_by_inputs() -> None:
    flow = Flow(Path("/nowhere"), "f", "f", "dag", nodes={"a": _node("a", connection="c"), "b": _node("b", connection=None)})  # type: ignore[dict-item]
    assert connection_names(flow) == ("c",)
