"""Two runs beside each other: which nodes got, did and gave the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowloom.flows.runs.records import Comparison, NodeComparison, NodeRecord, RunRecord, Sameness
from flowloom.flows.runs.what_ran import changes


def compare(a: RunRecord, b: RunRecord) -> Comparison:
    """Node by node, in the order of the flow that ran."""
    ours, theirs = a.ran.get("nodes", {}), b.ran.get("nodes", {})
    names = [name for name in dict.fromkeys([*ours, *theirs, *a.nodes, *b.nodes]) if name in a.nodes or name in b.nodes]
    nodes = (_node(name, a.nodes.get(name), b.nodes.get(name), changes(ours.get(name), theirs.get(name))) for name in names)
    return Comparison(a, b, tuple(nodes), _differences(a.inputs, b.inputs), _differences(a.outputs, b.outputs))


def _node(name: str, a: NodeRecord | None, b: NodeRecord | None, changed: tuple[str, ...]) -> NodeComparison:
    if a is None or b is None:
        alone: Sameness = "only_a" if b is None else "only_b"
        return NodeComparison(name, a, b, alone, alone, changed)
    inputs = "unknown" if a.inputs is None or b.inputs is None else _sameness(dict(a.inputs), dict(b.inputs))
    return NodeComparison(name, a, b, inputs, _outputs(a, b), changed)


def _outputs(a: NodeRecord, b: NodeRecord) -> Sameness:
    if a.status != "completed" or b.status != "completed":
        return "unknown" if a.status == b.status else "changed"
    if a.fingerprint is not None and b.fingerprint is not None:
        return "same" if a.fingerprint == b.fingerprint else "changed"
    return _sameness(a.output, b.output)


def _sameness(a: Any, b: Any) -> Sameness:
    return "same" if a == b else "changed"


def _differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (a.get(name), b.get(name)) for name in dict.fromkeys([*a, *b]) if a.get(name) != b.get(name)}
