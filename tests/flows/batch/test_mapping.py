from __future__ import annotations

import pytest

from flowloom.flows.batch.mapping import apply_mapping, complete_mapping, parse_mapping
from flowloom.flows.errors import InputError, UsageError
from flowloom.flows.model.flow import FlowInput

INPUTS = {
    "question": FlowInput("question", "string"),
    "tone": FlowInput("tone", "string", default="formal"),
    "chat_history": FlowInput("chat_history", "list", default=None, is_chat_history=True),
}


def test_what_is_not_mapped_takes_its_column_only_where_it_has_no_default():
    mapping = complete_mapping(INPUTS, parse_mapping(["question=${data.q.text}"]))
    assert mapping == {"question": "${data.q.text}", "chat_history": []}
    assert apply_mapping(mapping, {"data": {"q.text": "why?", "tone": "rude"}}) == {
        "question": "why?",
        "chat_history": [],
    }
    assert complete_mapping(INPUTS, {})["question"] == "${data.question}"


def test_literals_and_other_sources():
    sources = {"data": {"a": 1}, "run.outputs": {"answer": "b"}}
    mapping = {"x": "${run.outputs.answer}", "y": "plain $text {with} signs", "z": 3, "w": "${data.a} and more"}
    assert apply_mapping(mapping, sources) == {
        "x": "b",
        "y": "plain $text {with} signs",
        "z": 3,
        "w": "${data.a} and more",
    }


def test_a_column_that_is_missing_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"question \(\$\{data.q\}\); its columns are a, b"):
        apply_mapping({"question": "${data.q}"}, {"data": {"a": 1, "b": 2}})


@pytest.mark.parametrize(("pairs", "words"), [(["question"], "maps nothing"), (["a=1", "a=2"], "mapped twice")])
def test_pairs_that_map_nothing(pairs, words):
    with pytest.raises(UsageError, match=words):
        parse_mapping(pairs)


def test_a_name_that_is_no_input():
    with pytest.raises(UsageError, match="no input named qestion"):
        complete_mapping(INPUTS, {"qestion": "x"})
