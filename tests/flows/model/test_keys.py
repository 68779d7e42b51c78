from __future__ import annotations

import pytest

from flowloom.flows.model.keys import NODE_KEYS, NODE_TYPE_WORDS, near


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("input", "inputs"),
        ("Source", "source"),
        ("useVariants", "use_variants"),
        ("time-out_seconds", "timeout_seconds"),
        ("x-owner", ""),
        (3, ""),
    ],
)
def test_slips_are_recognised_and_own_keys_left_alone(word: object, meant: str) -> None:
    assert near(word, NODE_KEYS) == meant


def test_words_of_a_value() -> None:
    assert near("LLM", NODE_TYPE_WORDS) == "llm"
    assert near("banana", NODE_TYPE_WORDS) == ""
