"""Why a node ran again."""

from __future__ import annotations

from typing import Any

from flowloom.flows.node.spec import Effect, NodeSpec
from flowloom.studio.run.reasons import of_outputs, reasons

NOW = {
    "nodes": {
        "a": {"type": "python", "file": "a.py", "hash": "1", "inputs": {"x": {"input": "text"}}},
        "b": {"type": "python", "file": "b.py", "hash": "1", "inputs": {"y": {"node": "a"}, "n": {"value": 1}}},
    }
}


def _changed(name: str, **fields: Any) -> dict[str, Any]:
    return {"nodes": {**NOW["nodes"], name: {**NOW["nodes"][name], **fields}}}


def _ask(before: dict[str, Any] | None, *, inputs: Any = None, old: Any = None, **options: Any) -> dict[str, str]:
    options = {"afresh": False, "spec_of": lambda _name: None, "ended": frozenset({"a", "b"}), **options}
    return reasons(NOW, before, inputs or {"text": "t"}, old or {"text": "t"}, **options)


def test_nothing_is_said_where_nothing_changed() -> None:
    assert _ask(NOW) == {}


def test_a_first_run_has_no_earlier_output() -> None:
    assert set(_ask(None).values()) == {"there is no earlier output"}


def test_each_change_is_named() -> None:
    assert _ask(_changed("a", hash="2")) == {"a": "its text or code changed"}
    assert _ask(_changed("b", inputs={"y": {"node": "a"}, "n": {"value": 2}})) == {"b": "its setting n changed"}
    assert _ask(_changed("b", inputs={"y": {"node": "c"}, "n": {"value": 1}})) == {"b": "its wires changed"}
    assert _ask(_changed("a", connection="other")) == {"a": "its connection changed"}
    assert _ask(NOW, old={"text": "other"}) == {"a": "the input text changed"}


def test_a_pin_comes_first_then_the_wish_to_run_all_afresh() -> None:
    found = _ask(NOW, afresh=True, pinned=frozenset({"a"}))
    assert found == {"a": "its output is pinned", "b": "you asked to run all afresh"}


def test_a_node_that_acts_on_the_world_always_runs() -> None:
    acting = NodeSpec("w", "Write", "Data", effect=Effect.WRITE)
    moody = NodeSpec("r", "Read", "Data", cacheable=False)
    assert _ask(NOW, spec_of=lambda name: acting if name == "a" else None)["a"].startswith("it changes something outside")
    assert _ask(NOW, spec_of=lambda name: moody if name == "a" else None)["a"].startswith("it may give something else")


def test_an_output_upstream_that_was_made_anew_is_a_reason() -> None:
    assert of_outputs(NOW, "b", frozenset({"a"})) == "the output of a may have changed"
    assert of_outputs(NOW, "b", frozenset()) == ""
