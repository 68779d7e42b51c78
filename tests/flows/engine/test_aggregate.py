"""Aggregation nodes over rows, asked of values alone."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.aggregate import Row, asked_for, over_rows, take_row
from flowloom.flows.engine.inputs import BYPASSED
from flowloom.flows.engine.streams import Replayed
from flowloom.flows.errors import ReferenceFault
from flowloom.flows.model.flow import Reference

NODES = {
    "a": "pair",
    "b": "echo x=1",
    "z": {"use": "both x=${a.output.left} y=literal q=${inputs.q}", "aggregation": True},
    "y": {"use": "both x=${z.output} y=${b.output}", "aggregation": True, "activate": {"when": "${inputs.q}", "is": "Q"}},
}
LEFT, B = Reference("node", "a", ("left",)), Reference("node", "b")


@pytest.fixture
def prepared(write_flow: Any) -> Any:
    with load_flow(write_flow(NODES, inputs={"q": "Q"})) as flow:
        yield flow.prepare()


def rows() -> list[Row]:
    given = [({"left": 1}, 10), ({"left": 2}, BYPASSED), ({"left": 3}, Replayed("text"))]
    return [take_row((LEFT, B), {"a": a, "b": b}, {"q": f"q{number}"}) for number, (a, b) in enumerate(given)]


def test_what_it_will_ask_for(prepared: Any) -> None:
    assert asked_for(prepared.flow, ["z", "y"]) == (LEFT, B)


def test_a_row_keeps_only_that(prepared: Any) -> None:
    assert rows()[0].values == {LEFT: 1, B: 10}
    with pytest.raises(ReferenceFault):
        take_row((LEFT,), {"a": {}}, {})


def test_columns_take_the_place_of_references(prepared: Any) -> None:
    step = over_rows(prepared.step("z"), rows())
    assert step.template == {"x": [1, 2, 3], "y": "literal", "q": ["q0", "q1", "q2"]}
    assert (step.from_inputs, step.from_nodes, step.upstream) == ((), (), frozenset())


def test_aggregation_nodes_wait_for_each_other_and_see_none_for_what_was_bypassed(prepared: Any) -> None:
    step = over_rows(prepared.step("y"), rows())
    assert step.template["y"] == [10, None, "text"]
    assert step.from_nodes == (("x", "z", None),)
    assert step.upstream == {"z"}
    assert step.node.activate is not None
    assert step.node.activate.when.value == ["q0", "q1", "q2"]  # type: ignore[union-attr]
