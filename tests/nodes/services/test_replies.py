"""Replies as services send them: what counts, what does not, and what a stream's pieces come to."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.replies import MESSAGE_KEYS, Assembly, check
from flowloom.nodes.services.retry import Failure

SERVICE = Service("api.example.com")


def reply(message: Any = None, finish: Any = "stop", **more: Any) -> dict[str, Any]:
    return {
        "choices": [
            {"index": 0, "message": message or {"role": "assistant", "content": "Hi"}, "finish_reason": finish, **more}
        ]
    }


def checked(body: Any, *, limited: bool = False, wants_json: str | None = None) -> tuple[dict[str, Any], str]:
    return check(body, SERVICE, limited=limited, wants_json=wants_json)


def kind_of(body: Any, **options: Any) -> str:
    with pytest.raises(Failure) as raised:
        checked(body, **options)
    return raised.value.error.kind


def test_the_message_has_exactly_the_keys_prompt_flow_gives() -> None:
    message, outcome = checked(reply({"content": "Hi", "reasoning_content": "hm", "x": 1}))
    assert tuple(message) == MESSAGE_KEYS
    assert message["role"] == "assistant"
    assert outcome == "stop"


@pytest.mark.parametrize(
    ("finish", "outcome"),
    [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("eos_token", "stop"),
        ("end_turn", "stop"),
        ("length", "length"),
        ("max_tokens", "length"),
    ],
)
def test_other_services_words_for_an_end(finish: str, outcome: str) -> None:
    assert checked(reply(finish=finish), limited=True)[1] == outcome


def test_content_in_parts_is_joined_and_an_empty_reply_is_one() -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    assert checked(reply({"content": parts}))[0]["content"] == "Hello"
    assert checked(reply({"content": ""}))[0]["content"] == ""


def test_a_second_choice_that_is_cut_off_is_noticed() -> None:
    body = reply()
    body["choices"].append({"index": 1, "message": {"content": "a"}, "finish_reason": "length"})
    assert kind_of(body) == "length"


def test_choices_out_of_order() -> None:
    body = {
        "choices": [
            {"index": 1, "message": {"content": "b"}, "finish_reason": "stop"},
            {"index": 0, "message": {"content": "a"}, "finish_reason": "stop"},
        ]
    }
    assert checked(body)[0]["content"] == "a"


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def test_calls() -> None:
    message, outcome = checked(reply({"content": None, "tool_calls": [CALL]}, finish="stop"))
    assert (message["tool_calls"], outcome) == ([CALL], "tool_calls")
    assert checked(reply({"content": "x", "tool_calls": []}))[0]["tool_calls"] is None
    whole = {**CALL, "function": {"name": "f", "arguments": ""}}
    assert checked(reply({"tool_calls": [whole]}))[0]["tool_calls"] == [whole]


@pytest.mark.parametrize(
    "call",
    [
        "no object",
        {"id": "c", "type": "function"},
        {"id": "c", "type": "function", "function": {"name": ""}},
        {"id": "c", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}},
        {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": '}},
    ],
)
def test_calls_that_are_none(call: Any) -> None:
    assert kind_of(reply({"content": None, "tool_calls": [call]}, finish="tool_calls")) == "malformed_reply"


def test_a_call_cut_off_at_a_limit_is_cut_off_even_where_a_limit_was_set() -> None:
    cut = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": '}}
    assert kind_of(reply({"content": None, "tool_calls": [cut]}, finish="length"), limited=True) == "length"


def test_json_that_was_asked_for() -> None:
    assert kind_of(reply({"content": '{"a": '}, finish="length"), limited=True, wants_json="json_object") == "length"
    assert kind_of(reply({"content": "no"}), wants_json="json_schema") == "malformed_reply"
    assert checked(reply({"content": '{"a": 1}'}), wants_json="json_schema")[1] == "stop"


def chunk(delta: Any, finish: Any = None, index: int = 0, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": delta, "finish_reason": finish}], **more}


def assembled(*chunks: Any, done: bool = True) -> dict[str, Any]:
    assembly = Assembly(SERVICE)
    for one in chunks:
        assembly.feed(one, shown=False)
    assembly.done = done
    return assembly.result(shown=False)


def test_pieces_of_several_calls_side_by_side() -> None:
    whole = assembled(
        chunk(
            {"role": "assistant", "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]}
        ),
        chunk({"tool_calls": [{"index": 1, "id": "b", "function": {"name": "g", "arguments": "[1"}}]}),
        chunk(
            {"tool_calls": [{"index": 0, "function": {"arguments": "}"}}, {"index": 1, "function": {"arguments": "]"}}]}
        ),
        chunk({}, "tool_calls"),
    )
    calls = whole["choices"][0]["message"]["tool_calls"]
    assert [(call["id"], call["function"]) for call in calls] == [
        ("a", {"name": "f", "arguments": "{}"}),
        ("b", {"name": "g", "arguments": "[1]"}),
    ]


def test_calls_without_numbers_are_told_apart_by_their_ids() -> None:
    whole = assembled(
        chunk({"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{}"}}]}),
        chunk({"tool_calls": [{"id": "b", "function": {"name": "g", "arguments": "{}"}}]}),
        chunk({}, "tool_calls"),
    )
    assert [call["function"]["name"] for call in whole["choices"][0]["message"]["tool_calls"]] == ["f", "g"]


def test_a_stream_needs_a_finish_for_every_choice_and_done() -> None:
    hello = [chunk({"content": "Hel"}), chunk({"content": "lo"})]
    assert assembled(*hello, chunk({}, "stop"))["choices"][0]["message"]["content"] == "Hello"
    for chunks, done in (
        (hello, True),
        ([*hello, chunk({}, "stop")], False),
        ([*hello, chunk({"content": "x"}, index=1), chunk({}, "stop")], True),
        ([], False),
    ):
        with pytest.raises(Failure) as raised:
            assembled(*chunks, done=done)
        assert raised.value.error.kind == "stream_broken"


def test_usage_at_the_end_and_chunks_of_azure_without_a_choice() -> None:
    whole = assembled(
        {"choices": [], "prompt_filter_results": []},
        chunk({"content": "Hi"}),
        chunk({}, "stop"),
        {"choices": [], "usage": {"prompt_tokens": 1}},
    )
    assert whole["usage"] == {"prompt_tokens": 1}


def test_a_whole_reply_within_a_stream_counts() -> None:
    assembly = Assembly(SERVICE)
    assert assembly.feed(reply(), shown=False) == [("output", "Hi")]
    assembly.done = True
    assert checked(assembly.result(shown=False))[0]["content"] == "Hi"
