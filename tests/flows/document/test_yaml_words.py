from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.document.yaml_text import load_values
from flowloom.flows.document.yaml_words import is_plain, literal_lines, quoted, scalar_text
from flowloom.flows.errors import DocumentError

TRICKY = st.text(
    st.sampled_from("yn-:#{}[],&*!|>'\"%@`~=< \t\n\r0123456789.eE+xoTZ_\\$\u2028\x85\ufeff\x07é文😀"), max_size=12
)
WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "012",
        "0o14",
        "1_000",
        "12:30",
        "1e3",
        "=",
        "<<",
        "~",
        "null",
        "2024-01-01",
        "---",
        "...",
        "-foo",
        "?x",
        "a:",
        "#c",
        ".inf",
        "1:1:1",
    ]
)
TEXTS = TRICKY | WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def same(left: Any, right: Any) -> bool:
    return (type(left) is type(right) and left == right) or (
        isinstance(left, float) and math.isnan(left) and math.isnan(right)
    )


@settings(max_examples=20 * settings.default.max_examples)
@given(TEXTS, st.sampled_from(["", "'", '"']))
def test_texts_read_back_the_same_in_both_versions(text: str, prefer: str) -> None:
    for in_flow in (False, True):
        written = quoted(text, in_flow=in_flow, prefer=prefer)
        assert "\n" not in written
        document = f"[{written}, {written}]" if in_flow else f"a: {written} # comment\nb: 1\n"
        for value in (load_values(document, "f"), yaml.load(document, Loader=yaml.CSafeLoader)):
            assert value == ([text, text] if in_flow else {"a": text, "b": 1})
        key = quoted(text, in_flow=in_flow)
        document = f"{{{key}: 1}}" if in_flow else f"{key}: 1"
        for value in (load_values(document, "f"), yaml.load(document, Loader=yaml.CSafeLoader)):
            assert value == {text: 1}


@settings(max_examples=5 * settings.default.max_examples)
@given(st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes())
def test_other_values_read_back_the_same_in_both_versions(value: Any) -> None:
    written = scalar_text(value)
    assert same(load_values(f"a: {written}", "f")["a"], value)
    assert same(yaml.load(f"a: {written}", Loader=yaml.CSafeLoader)["a"], value)


@settings(max_examples=5 * settings.default.max_examples)
@given(st.text(st.sampled_from("ab :#-\n '\"\t\u2028"), max_size=30))
def test_literal_blocks_hold_their_text(text: str) -> None:
    lines = literal_lines(text)
    if lines is None:
        return
    document = "a: " + "\n".join([lines[0], *("  " + line if line else "" for line in lines[1:])]) + "\nb: 1\n"
    assert load_values(document, "f") == {"a": text, "b": 1}
    assert yaml.safe_load(document) == {"a": text, "b": 1}


def test_plain_where_it_is_safe() -> None:
    assert scalar_text("${inputs.question}") == "${inputs.question}"
    assert scalar_text("two words, no more") == "two words, no more"
    assert not is_plain("${inputs.question}", in_flow=True)
    assert scalar_text("yes") == "'yes'"
    assert scalar_text("it's: 1") == "'it''s: 1'"
    assert scalar_text("a\nb") == '"a\\nb"'
    assert scalar_text("x", prefer='"') == '"x"'
    assert scalar_text(1e22) == "1.0e+22"
    assert scalar_text(date(2024, 1, 2)) == "2024-01-02"
    assert scalar_text(datetime(2024, 1, 2, 3, 4, 5)) == "2024-01-02T03:04:05"


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(DocumentError, match="bytes"):
        scalar_text(b"x")
    with pytest.raises(DocumentError, match="broken character"):
        scalar_text("\ud800")
