from __future__ import annotations

from typing import Any

from flowloom.flows.engine.fingerprint import fingerprint
from flowloom.flows.runs.compare import compare
from flowloom.flows.runs.records import NodeRecord, RunRecord, RunSummary


def run(id: str, nodes: dict[str, NodeRecord], **more: Any) -> RunRecord:
    summary = RunSummary(id, "flow", "completed", 1.0, 2.0, "", "", None, None, None)
    return RunRecord(summary, more.pop("inputs", {}), {}, None, None, nodes, **more)


def done(output: Any, **inputs: Any) -> NodeRecord:
    return NodeRecord("completed", inputs, output, fingerprint=fingerprint(output))


def test_nodes_stand_in_the_order_of_the_flow_and_those_of_one_run_alone_too() -> None:
    order = {"nodes": {"z": {}, "a": {}}}
    a = run("1", {"a": done(1), "z": done(2)}, ran=order)
    b = run("2", {"z": done(2), "new": done(3)}, ran={"nodes": {"z": {}, "new": {}}})
    assert [(node.node, node.output) for node in compare(a, b).nodes] == [("z", "same"), ("a", "only_a"), ("new", "only_b")]


def test_values_without_a_fingerprint_are_compared_as_they_are_shown() -> None:
    shown = NodeRecord("completed", None, "<a thing>")
    (node,) = compare(run("1", {"a": shown}), run("2", {"a": shown})).nodes
    assert (node.inputs, node.output, node.differs) == ("unknown", "same", False)


def test_an_input_left_out_is_a_difference() -> None:
    assert compare(run("1", {}, inputs={"q": 1}), run("2", {}, inputs={"r": None})).inputs == {"q": (1, None)}
