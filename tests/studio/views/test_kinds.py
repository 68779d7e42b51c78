from __future__ import annotations

import json
from typing import Any

import pytest

from flowloom.studio.views.kinds import as_text, beginning, in_short, kinds_of, media_of, parsed, plain_words, rows_of

PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("Just words.", ("text", "markdown")),
        ("Line one\nline two", ("text", "markdown")),
        ("# Title\n\nwords", ("markdown", "text")),
        ("It is **very** good", ("markdown", "text")),
        ("1. one\n2. two", ("markdown", "text")),
        ("see [this](http://x)", ("markdown", "text")),
        ("5 * 3 * 2 and a_b_c [1]", ("text", "markdown")),
        ('{"a": [1, 2]}', ("tree", "text")),
        ("{not json}", ("text", "markdown")),
        (3.5, ("text",)),
        (True, ("text",)),
        ({"a": 1}, ("tree", "text")),
        ([1, 2], ("tree", "text")),
        ([{"a": 1, "b": 2}, {"a": 3}], ("table", "tree", "text")),
        ([[1, 2], [3, 4]], ("table", "tree", "text")),
        ([[1, 2], [3]], ("tree", "text")),
        ([{"a": 1}, {"b": 1}, {"c": 1}], ("tree", "text")),
        ({"data:image/png;base64": PNG}, ("image", "tree")),
        (f"data:image/png;base64,{PNG}", ("image", "text")),
        ({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}, ("image", "tree")),
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, ("audio", "tree")),
        ({"id": "x", "data": "AAAA", "transcript": "hello"}, ("audio", "tree")),
    ],
)
def test_the_ways_to_show_a_value(value: Any, kinds: tuple[str, ...]) -> None:
    assert kinds_of(value) == kinds


def test_a_hint_comes_first_where_it_makes_sense() -> None:
    assert kinds_of("words", "markdown") == ("markdown", "text")
    assert kinds_of("words", "image") == ("text", "markdown")


@pytest.mark.parametrize(
    "value",
    [{"data:image/png;path": "/etc/passwd"}, {"data:image/png;url": "http://x/a.png"}, {"image_url": {"url": "file:///etc/passwd"}}, "/a.png"],
)
def test_what_is_only_named_is_not_held(value: Any) -> None:
    assert media_of(value) is None


def test_bytes_that_are_no_base64_are_none() -> None:
    media = media_of("data:image/png;base64,%%%")
    assert media is not None
    assert media.data == b""


def test_json_in_a_text_is_found() -> None:
    assert parsed(' [{"a": 1}] ') == [{"a": 1}]
    assert parsed("[]") is None
    assert parsed("[" * 100_000 + "]" * 100_000) is None
    assert parsed("[1, 2") is None


def test_the_rows_of_a_table() -> None:
    assert rows_of([{"a": 1}, {"a": 2, "b": 3}]) == (["a", "b"], [{"a": 1}, {"a": 2, "b": 3}])
    assert rows_of([]) is None
    assert rows_of({"a": 1}) is None


def test_one_line_about_a_value() -> None:
    assert in_short("a\n b   c") == "a b c"
    assert in_short({"a": [1, {"b": {"c": {"d": 1}}}]}) == '{"a": [1, {"b": {"…": "…"}}]}'
    assert len(in_short("x" * 1_000_000)) == 120
    assert len(in_short(list(range(1_000_000)))) < 120
    assert in_short({"data:image/png;base64": PNG}) == "image/png"


def test_a_copy_is_the_whole_and_a_view_its_beginning() -> None:
    value = list(range(200_000))
    assert json.loads(as_text(value)) == value
    text, is_whole = beginning(value)
    assert as_text(value).startswith(text)
    assert not is_whole
    assert beginning({"ä": 1}) == ('{\n  "ä": 1\n}', True)


def test_how_large_a_value_is() -> None:
    assert plain_words("abc") == ("characters", 3)
    assert plain_words([1, 2]) == ("items", 2)
    assert plain_words({"a": 1}) == ("fields", 1)
    assert plain_words({"data:image/png;base64": PNG}) == ("bytes", 9)
    assert plain_words(3) == ("", 0)
