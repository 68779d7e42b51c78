"""What a run will do, and why, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.plan import make_plan
from flowloom.flows.errors import UsageError

NODES = {
    "d": "both x=${b.output} y=${c.output}",
    "a": "echo x=${inputs.q}",
    "b": "echo x=${a.output}",
    "c": {"use": "echo x=${a.output}", "activate": {"when": "${inputs.q}", "is": "yes"}},
    "e": {"use": "echo x=${d.output}", "activate": {"when": "${b.output}", "is": 1}},
    "z": {"use": "count x=${d.output}", "aggregation": True},
}

PLANS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "everything": ({}, {"a": "run", "b": "run", "c": "bypass", "d": "run", "e": "bypass-unknown", "z": "run"}),
    "a condition that is met": (
        {"inputs": {"q": "yes"}},
        {"a": "run", "b": "run", "c": "run", "d": "run", "e": "bypass-unknown", "z": "run"},
    ),
    "up to a node": ({"target": "b"}, {"a": "run", "b": "run"}),
    "up to a node that joins": ({"target": "d"}, {"a": "run", "b": "run", "c": "bypass", "d": "run"}),
    "up to an aggregation node": ({"target": "z"}, {"a": "run", "b": "run", "c": "bypass", "d": "run", "z": "run"}),
    "pins stop the way up": ({"target": "d", "pinned": {"b": 1}}, {"a": "run", "b": "pinned", "c": "bypass", "d": "run"}),
    "alone on given values": ({"target": "b", "only": True, "given": {"a": 1}}, {"a": "given", "b": "run"}),
    "alone on what was kept": ({"target": "b", "only": True, "kept": {"a": "nothing changed."}}, {"a": "reuse", "b": "run"}),
    "the target runs though it is pinned": ({"target": "b", "pinned": {"a": 1, "b": 2}}, {"a": "pinned", "b": "run"}),
    "kept ones are reused": (
        {"kept": {"a": "same."}, "rerun": {"b": "its code changed."}},
        {"a": "reuse", "b": "run", "c": "bypass", "d": "run", "e": "bypass-unknown", "z": "run"},
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_plan(name: str, write_flow: Any) -> None:
    flow = load_flow(write_flow(NODES, inputs={"q": "no"})).flow
    asked, expected = PLANS[name]
    plan = make_plan(flow, **asked)
    assert {step.name: step.action for step in plan.steps} == expected
    seen: set[str] = set()
    for step in plan.steps:
        needed = {reference.name for reference in flow.nodes[step.name].references if reference.source == "node"}  # type: ignore[index]
        assert not (needed & set(expected)) - seen
        seen.add(step.name)
        assert step.why.endswith(".")


def test_it_says_why(write_flow: Any) -> None:
    flow = load_flow(write_flow(NODES, inputs={"q": "no"})).flow
    words = [str(step) for step in make_plan(flow, target="d", pinned={"b": 1}, rerun={"a": "its code changed."}).steps]
    assert words == [
        "a runs: its code changed.",
        "b is pinned: its output is in flow.pins.json.",
        "c is bypassed: it runs only when ${inputs.q} is 'yes'.",
        "d runs: it was asked for.",
    ]


def test_as_json(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "echo x=1"}))
    assert flow.plan().as_json() == {
        "flow": "flow",
        "target": None,
        "only": False,
        "variants": {},
        "steps": [{"name": "a", "action": "run", "why": "it is part of the flow.", "variant": None, "aggregation": False}],
    }


def test_the_chosen_variants(write_flow: Any) -> None:
    variants = {
        "a": {
            "default_variant_id": "one",
            "variants": {
                name: {"node": {"type": "python", "source": {"type": "code", "path": "echo.py"}, "inputs": {"x": name}}}
                for name in ("one", "two")
            },
        }
    }
    folder = write_flow({}, outputs={"o": "${a.output}"}, node_variants=variants)
    text = (folder / "flow.dag.yaml").read_text().replace("nodes: []", "nodes:\n- {name: a, use_variants: true}")
    (folder / "flow.dag.yaml").write_text(text)
    assert load_flow(folder).plan().variants == {"a": "one"}
    assert load_flow(folder, variant="${a.two}").plan().variants == {"a": "two"}
    assert load_flow(folder, variant={"a": "two"}).run() == {"o": "two"}
    with pytest.raises(UsageError):
        load_flow(folder, variant="a.two")


def test_what_cannot_be_planned(write_flow: Any) -> None:
    flow = load_flow(write_flow(NODES, inputs={"q": "no"})).flow
    with pytest.raises(UsageError, match="no node 'x'"):
        make_plan(flow, target="x")
    with pytest.raises(UsageError, match="To run 'd' alone, the output of 'b', 'c' is needed"):
        make_plan(flow, target="d", only=True)


def test_planning_executes_nothing(write_flow: Any) -> None:
    folder = write_flow({"a": "trap"}, tools={"trap": "open(__file__ + '.ran', 'w')"})
    load_flow(folder).plan("a")
    assert not (folder / "trap.py.ran").exists()
