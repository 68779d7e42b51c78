from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.nodes.services.demo_server import text


@given(st.text())
def test_tokens_put_together_are_the_text(words: str) -> None:
    assert "".join(text.tokens(words)) == words
    assert text.count(words) == len(text.tokens(words))


def test_the_same_request_has_the_same_digest_streamed_or_not() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    one = text.digest(0, "chat", body)
    assert one == text.digest(0, "chat", {**body, "stream": True, "stream_options": {}, "user": "u"})
    assert (
        len(
            {one, text.digest(1, "chat", body), text.digest(0, "other", body), text.digest(0, "chat", {**body, "n": 2})}
        )
        == 4
    )


@pytest.mark.parametrize(
    ("limit", "stop", "expected"),
    [
        (None, None, ("one two three", "stop")),
        (2, None, ("one two", "length")),
        (3, None, ("one two three", "stop")),
        (None, " two", ("one", "stop")),
        (None, ["zzz", "three"], ("one two ", "stop")),
        (1, ["three"], ("one", "length")),
    ],
)
def test_cutting(limit: int | None, stop: object, expected: tuple[str, str]) -> None:
    assert text.cut("one two three", limit, stop) == expected


def test_what_is_read_of_messages() -> None:
    messages = [
        {"role": "user", "content": "first"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "second"}, {"type": "image_url", "image_url": {"url": "x"}}],
        },
        {"role": "assistant", "content": None},
    ]
    assert text.last_user_text(messages) == "second"
    assert text.last_user_text([]) == ""
    assert text.prompt_tokens(messages) == 3 + 3 * 3 + 1 + 1 + 85


def test_a_made_up_reply_repeats_how_the_question_began() -> None:
    reply = text.default_reply(random.Random(1), "Why  is\nthe sky blue?")
    assert reply.startswith('Demo reply to "Why is the sky blue?": ')
    assert reply == text.default_reply(random.Random(1), "Why  is\nthe sky blue?")
