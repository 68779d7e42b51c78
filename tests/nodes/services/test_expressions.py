"""Conditions decide as they read, and a slip is an error rather than a branch."""

from __future__ import annotations

import pytest

from flowloom.flows.errors import LimitExceeded, NodeError
from flowloom.nodes.services.expressions import MAX_EXPRESSION, check, evaluate, holds

HOLDING = [
    ("value == 'refund'", {"value": "refund"}),
    ("value == 'refund' and not (len(items) > 2)", {"value": "refund", "items": [1]}),
    ("value != 'a' or false", {"value": "b"}),
    ("score >= 4 && score < 4.5", {"score": 4}),
    ("value in ['a', 'b']", {"value": "b"}),
    ("'late' in value", {"value": ["late", "broken"]}),
    ("text.contains('late') and text.startsWith('It') and text.endsWith('.')", {"text": "It was late."}),
    ("lower(trim(text)) == 'yes'", {"text": " YES "}),
    ("text.matches('^[0-9]+$')", {"text": "12"}),
    ("order.total > 100 and order.items[0].name == 'chair'", {"order": {"total": 101, "items": [{"name": "chair"}]}}),
    ("items.all(x, x > 0)", {"items": [1, 2]}),
    ("value == None", {"value": None}),
    ("value == 'not and or'", {"value": "not and or"}),
    ("has(reply.error)", {"reply": {"error": "x"}}),
    ("value == True", {"value": True}),
    ("len(text) == 2", {"text": "你好"}),
]


@pytest.mark.parametrize(("expression", "variables"), HOLDING)
def test_a_condition_that_is_met(expression, variables):
    assert holds(expression, variables) is True


@pytest.mark.parametrize(
    ("expression", "variables", "words"),
    [
        ("value > 3", {"value": None}, "values of different kinds"),
        ("nope == 1", {}, "no value or function named nope"),
        ("a.b == 1", {"a": {}}, "has no 'b'"),
        ("value", {"value": "yes"}, "neither true nor false"),
        ("1 +", {}, "is not written as one"),
        ("", {}, "is empty"),
        ("len(value) > 1", {"value": 4}, "len takes a text"),
    ],
)
def test_a_slip_is_an_error_in_words(expression, variables, words):
    with pytest.raises(NodeError, match=words) as caught:
        holds(expression, variables)
    assert caught.value.hint


def test_what_would_take_too_long_is_refused():
    many = list(range(300))
    with pytest.raises(LimitExceeded, match="more than twice"):
        holds("l.all(x, l.all(y, l.all(z, true)))", {"l": many})
    with pytest.raises(LimitExceeded, match="longer than"):
        holds("true || " * MAX_EXPRESSION + "true", {})
    with pytest.raises(LimitExceeded, match="more than 100,000 items"):
        holds("len(l) > 1", {"l": [0] * 100_001})


def test_checking_runs_nothing():
    assert check("value.unknown() == missing") is None
    assert "is not written as one" in (check("value ==") or "")


def test_a_value_that_is_no_condition():
    assert evaluate("items.map(x, x * 2)", {"items": [1, 2]}) == [2, 4]
