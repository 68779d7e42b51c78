from __future__ import annotations

import pytest


def test_outputs_feed_the_inputs_of_their_names_until_the_condition_holds(outer):
    result = outer("loom.flow.loop", flow="inner", n=1, until="n > 50", max_rounds=10).run()["result"]
    assert result == {"outputs": {"n": 81, "text": "it is 81"}, "rounds": 4, "met": True}


def test_the_limit_ends_what_the_condition_does_not(outer):
    result = outer("loom.flow.loop", flow="inner", n=1, until="n > 50", max_rounds=2).run()["result"]
    assert (result["rounds"], result["met"], result["outputs"]["n"]) == (2, False, 9)
    assert outer("loom.flow.loop", flow="inner", n=1, max_rounds=3).run()["result"]["met"] is True


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"max_rounds": 0}, "0 rounds"), ({"until": "nothing > 1"}, "nothing"), ({"n": -1}, "-1 is negative")],
)
def test_what_cannot_be_repeated_says_why(outer, wrong, words):
    assert words in outer("loom.flow.loop", **{"flow": "inner", "n": 1, **wrong}).run_result().error.message
