from __future__ import annotations

import pytest

from flowloom.nodes.services.demo_server.rules import Rule, Rules


def test_the_first_rule_that_applies() -> None:
    rules = Rules([{"contains": "France", "reply": "Paris"}, Rule(reply="else", model="m")])
    assert rules.reply("the capital of france?") == "Paris"
    assert rules.reply("Spain?", model="m") == "else"
    assert rules.reply("Spain?") is None
    rules.add({"equals": "the capital of france?", "reply": "first"})
    assert rules.reply(" the capital of france?\n") == "first"
    rules.clear()
    assert rules.reply("France") is None


def test_what_a_pattern_found_goes_into_the_reply() -> None:
    rules = Rules([{"regex": r"order (?P<id>\d+)", "reply": r"Order \g<id> (\1)"}])
    assert rules.reply("Where is ORDER 17?") == "Order 17 (17)"


def test_several_replies_in_turn() -> None:
    rules = Rules([{"system": "classify", "reply": ["a", {"content": "b"}]}])
    assert [rules.reply("x", "Please CLASSIFY") for _ in range(3)] == ["a", {"content": "b"}, {"content": "b"}]


def test_echoes() -> None:
    assert Rules().reply("again", model="echo") == "again"
    assert Rules(default="echo").reply("again") == "again"
    assert Rules([{"contains": "x", "echo": True}]).reply("x y") == "x y"
    with pytest.raises(ValueError, match="default"):
        Rules(default="parrot")
    with pytest.raises(TypeError):
        Rules([{"contain": "typo"}])
