from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, Chosen
from flowloom.nodes.services.local_model.request import MOST_TOKENS, prepare

EMBEDDED = Chosen("smollm2", "SmolLM2", Path("model"), SMOLLM2)
OWN = Chosen("mine", "mine", Path("mine.gguf"))
MESSAGES = [{"role": "user", "content": "hi"}]


def test_only_what_the_model_understands_is_passed_on() -> None:
    request = prepare(
        {"messages": MESSAGES, "user": "u", "store": True, "model": "x", "seed": 4, "temperature": None}, EMBEDDED
    )
    assert request.body() == {
        "messages": MESSAGES,
        "seed": 4,
        "temperature": SMOLLM2.temperature,
        "top_p": SMOLLM2.top_p,
        "max_tokens": MOST_TOKENS,
        "cache_prompt": False,
    }


def test_a_model_of_ones_own_keeps_its_own_defaults() -> None:
    assert "temperature" not in prepare({"messages": MESSAGES}, OWN).parameters


@pytest.mark.parametrize(
    ("body", "cached"), [({}, True), ({"temperature": 0.7}, True), ({"temperature": 0}, False), ({"seed": 1}, False)]
)
def test_a_prompt_is_read_afresh_where_the_reply_must_repeat(body: dict[str, Any], cached: bool) -> None:
    assert prepare({"messages": MESSAGES, **body}, EMBEDDED).parameters["cache_prompt"] is cached


def test_either_name_limits_the_reply() -> None:
    assert prepare({"messages": MESSAGES, "max_tokens": 5}, OWN).parameters["max_tokens"] == 5
    assert (
        prepare({"messages": MESSAGES, "max_tokens": 5, "max_completion_tokens": 7}, OWN).parameters["max_tokens"] == 7
    )


def test_formats_become_schemas() -> None:
    def schema(response_format: Any) -> Any:
        return prepare({"messages": MESSAGES, "response_format": response_format}, OWN).schema

    assert schema({"type": "text"}) is None
    anything = schema({"type": "json_object"})
    assert anything is not None
    assert anything["type"] == "object"
    given = schema({"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "integer"}}})
    assert given is not None
    assert given["type"] == "integer"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"n": True}, "n"),
        ({"n": 99}, "n"),
        ({"response_format": "json"}, "response_format"),
        ({"response_format": {"type": "xml"}}, "response_format"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(body: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        prepare({"messages": MESSAGES, **body}, OWN)
    assert caught.value.field == field
    assert caught.value.hint
