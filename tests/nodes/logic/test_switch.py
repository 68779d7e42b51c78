from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.logic.switch import switch

CASES = [
    {"name": "refund", "when": "value == 'refund'"},
    {"name": "long", "when": "len(value) > limit"},
]


@pytest.mark.parametrize(("value", "branch"), [("refund", "refund"), ("a long story", "long"), ("short", "else")])
def test_the_first_condition_that_is_met_decides(value, branch):
    assert switch(value, cases=CASES, default="else", limit=8) == branch


def test_conditions_by_name():
    assert switch(3, cases={"big": "value > 2"}) == "big"


def test_a_branch_without_a_condition_is_an_error():
    with pytest.raises(NodeError, match="Branch 1") as caught:
        switch(1, cases=[{"name": "x"}])
    assert caught.value.field == "cases"
