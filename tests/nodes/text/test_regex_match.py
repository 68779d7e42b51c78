from __future__ import annotations

import time

import pytest

from flowloom.flows.errors import LimitExceeded, NodeError
from flowloom.nodes.text.regex_match import regex_match


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"pattern": r"\d+"}, "12"),
        ({"pattern": r"no (\w+)"}, None),
        ({"pattern": r"(\w)(\d+)"}, ["a", "12"]),
        ({"pattern": r"(?P<letter>\w)(?P<number>\d+)"}, {"letter": "a", "number": "12"}),
        ({"pattern": r"[A-Z]", "mode": "test"}, False),
        ({"pattern": r"[A-Z]", "mode": "test", "ignore_case": True}, True),
        ({"pattern": r"\d+", "mode": "all"}, ["12", "3"]),
        ({"pattern": r"(\w)(\d+)", "mode": "replace", "replacement": r"\2\1"}, "12a, 3b"),
        ({"pattern": r", ", "mode": "split"}, ["a12", "b3"]),
    ],
)
def test_what_each_mode_gives(options, found):
    assert regex_match("a12, b3", **options) == found


def test_a_pattern_that_explodes_is_stopped():
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="took longer") as caught:
        regex_match("a" * 60 + "!", pattern="(a|aa)+$")
    assert caught.value.field == "pattern"
    assert time.monotonic() - started < 20


def test_a_broken_pattern_is_an_error():
    with pytest.raises(NodeError, match="not a regular expression"):
        regex_match("x", pattern="(")
