from __future__ import annotations

import copy
import random

import pytest

from flowloom.nodes.services.demo_server.answer import DONE, Answer
from flowloom.nodes.services.demo_server.changes import CHANGES

WHOLE = Answer(
    events=({"choices": [{"message": {"content": "abcdef"}, "finish_reason": "stop"}], "usage": {"total_tokens": 1}},)
)
STREAM = Answer(
    events=(
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {"content": "abc"}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {"content": "def"}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"total_tokens": 1}},
        DONE,
    ),
    stream=True,
)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_to_a_copy(name: str) -> None:
    for answer in (WHOLE, STREAM):
        before = copy.deepcopy(answer)
        changed = CHANGES[name](answer, random.Random(1))
        assert answer == before
        if name != "done_missing" or answer.stream:
            assert name == "doubled_chunks" or changed != answer


def test_ends() -> None:
    assert DONE not in CHANGES["done_missing"](STREAM, random.Random(1)).events
    cut = CHANGES["finish_length"](STREAM, random.Random(1)).events
    text = "".join(
        event["choices"][0]["delta"].get("content") or ""
        for event in cut
        if not isinstance(event, str) and event["choices"]
    )
    assert text == "abc"
    assert len(CHANGES["doubled_chunks"](STREAM, random.Random(1)).events) == len(STREAM.events) + 4
