"""What a node is called with, asked of values alone."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.inputs import BYPASSED, arguments, why_bypassed
from flowloom.flows.engine.streams import OneChunk, Replayed
from flowloom.flows.errors import ReferenceFault

NODES = {
    "a": "pair",
    "whole": "both x=${a.output} y=3",
    "part": "both y=${a.output.right[0]} x=${inputs.q}",
    "when": {"use": "echo x=${a.output}", "activate": {"when": "${a.output.left}", "is": 1}},
    "asked": {"use": "echo x=1", "activate": {"when": "${inputs.q}", "is": "Q"}},
    "written": {"use": "echo x=1", "activate": {"when": "same", "is": "same"}},
}


@pytest.fixture
def steps(write_flow: Any) -> Any:
    with load_flow(write_flow(NODES, inputs={"q": "Q"})) as flow:
        yield flow.prepare().steps(NODES)


def test_arguments_come_in_the_order_of_the_file(steps: Any) -> None:
    values = {"a": {"left": 1, "right": [10]}}
    assert arguments(steps["whole"], values, {"q": "Q"}) == {"x": values["a"], "y": 3}
    found = arguments(steps["part"], values, {"q": "Q"})
    assert list(found.items()) == [("y", 10), ("x", "Q")]


def test_a_bypassed_value_gives_way_to_the_default(steps: Any) -> None:
    assert arguments(steps["whole"], {"a": BYPASSED}, {}) == {"y": 3}
    assert arguments(steps["part"], {"a": BYPASSED}, {"q": "Q"}) == {"x": "Q"}


def test_a_replayed_stream_is_read_again(steps: Any) -> None:
    found = arguments(steps["whole"], {"a": Replayed("text")}, {})["x"]
    assert isinstance(found, OneChunk)
    assert list(found) == ["text"]


def test_what_is_not_there(steps: Any) -> None:
    with pytest.raises(ReferenceFault, match="right"):
        arguments(steps["part"], {"a": {"left": 1}}, {"q": "Q"})


@pytest.mark.parametrize(
    ("node", "value", "reason"),
    [
        ("when", {"left": 1}, None),
        ("when", {"left": 2}, "activate"),
        ("when", {"left": True}, None),
        ("when", BYPASSED, "upstream"),
        ("whole", BYPASSED, "upstream"),
        ("whole", 1, None),
        ("asked", 1, None),
        ("written", 1, None),
        ("a", 1, None),
    ],
)
def test_bypassing(steps: Any, node: str, value: Any, reason: str | None) -> None:
    found = why_bypassed(steps[node], {"a": value}, {"q": "Q"})
    assert (found and found[0]) == reason
    assert found is None or found[1].endswith(".")
    if node == "asked":
        assert why_bypassed(steps[node], {}, {"q": "other"}) == ("activate", "It runs only when ${inputs.q} is 'Q'.")
