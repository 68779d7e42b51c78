from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.messages import plain_messages, text_of


def test_roles_and_parts_become_plain_text() -> None:
    messages = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
        {"role": "assistant", "content": None},
    ]
    assert plain_messages(messages) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "one\ntwo"},
        {"role": "assistant", "content": ""},
    ]


def test_tool_calls_and_their_results_are_told_in_words() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
    messages = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "snow"},
        {"role": "assistant", "content": "", "function_call": {"name": "news", "arguments": {"n": 1}}},
        {"role": "function", "name": "news", "content": "none"},
    ]
    assert [message["content"] for message in plain_messages(messages)[1:]] == [
        'weather({"city": "Oslo"})',
        "Result of weather: snow",
        'news({"n": 1})',
        "Result of news: none",
    ]
    assert {message["role"] for message in plain_messages(messages)} == {"user", "assistant"}


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (None, "no messages"),
        ([], "no messages"),
        ("hello", "no messages"),
        (["hello"], "not an object"),
        ([{"role": "robot", "content": "x"}], "unknown role 'robot'"),
        ([{"role": "user", "content": 5}], "neither text"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}], "reads text only"),
    ],
)
def test_what_the_model_cannot_read_is_refused_with_a_next_step(messages: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words) as caught:
        plain_messages(messages)
    assert caught.value.hint


def test_text_of_nothing_is_empty() -> None:
    assert text_of(None) == ""
