"""The size of a result, told before it is made, is never less than what is made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from jinja2.filters import FILTERS as JINJA

from flowloom.flows.engine.sandbox_sizes import (
    BINARY,
    CONTAINER_METHODS,
    FILTERS,
    NUMBER_METHODS,
    TEXT_METHODS,
    check_format_spec,
    width,
)
from flowloom.flows.errors import LimitExceeded

small = st.text(alphabet="ab\n\t <>%", max_size=20)
number = st.integers(min_value=-3, max_value=30)


@given(small, number, small)
def test_text_methods(text: str, size: int, other: str) -> None:
    assert TEXT_METHODS["center"](text, size) >= len(text.center(size))
    assert TEXT_METHODS["expandtabs"](text, size) >= len(text.expandtabs(size))
    assert TEXT_METHODS["zfill"](text, size) >= len(text.zfill(size))
    assert TEXT_METHODS["join"](other, list(text)) >= len(other.join(text))
    assert TEXT_METHODS["replace"](text, "a", other) >= len(text.replace("a", other))
    assert TEXT_METHODS["replace"](text, "", other) >= len(text.replace("", other))
    assert TEXT_METHODS["translate"](text, {97: other}) >= len(text.translate({97: other}))
    assert TEXT_METHODS["encode"](text, "utf-16") >= len(text.encode("utf-16")) - 2


@given(small, number, small)
def test_filters(text: str, size: int, other: str) -> None:
    def made(name: str, *arguments: Any, **named: Any) -> bool:
        return FILTERS[name](*arguments, **named) >= len(JINJA[name](*arguments, **named))

    assert made("center", text, size)
    assert made("indent", text, max(size, 0), True, True)
    assert made("indent", text, other, first=True)
    assert FILTERS["replace"](text, "a", other) >= len(text.replace("a", other))
    assert FILTERS["join"](list(text), other) >= len(other.join(text))
    wrapped = JINJA["wordwrap"](Environment(), text, max(size, 1), wrapstring=other or "-")
    assert FILTERS["wordwrap"](text, max(size, 1), wrapstring=other or "-") >= len(wrapped)


@given(
    st.recursive(
        st.integers() | small,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(small, inner, max_size=3),
        max_leaves=10,
    )
)
def test_json(value: Any) -> None:
    assert FILTERS["tojson"](value, indent=2) * 7 + 9 >= len(json.dumps(value, indent=2))


@given(
    st.text(alphabet="ab", max_size=4) | st.integers(-9, 9) | st.lists(st.integers(), max_size=3), st.integers(-2, 9)
)
def test_operators(value: Any, count: int) -> None:
    if not isinstance(value, int):
        assert BINARY["*"](value, count) >= len(value * count)
        assert BINARY["*"](count, value) >= len(value * count)
        assert BINARY["+"](value, value) >= len(value + value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("%s-%s", ("a", "b")),
        ("%5d|%-7s", (1, "b")),
        ("%(a)s%(a)s", {"a": "xyz"}),
        ("%.3f", 1.5),
        ("%*d", (9, 1)),
        ("100%%", ()),
    ],
)
def test_percent(text: str, value: Any) -> None:
    assert BINARY["%"](text, value) >= len(text % value)
    assert BINARY["%"](7, 3) == 0


def test_powers_of_numbers() -> None:
    assert BINARY["**"](2, 1000) == 0
    assert BINARY["**"](2.5, 10**9) == 0
    assert BINARY["**"](2, -(10**9)) == 0
    for left, right in ((2, 10**6), (10**1000, 10), (True, 10**6)):
        with pytest.raises(LimitExceeded):
            BINARY["**"](left, right)


@pytest.mark.parametrize("spec", ["", ">20", "020.3f", ",d", "%Y-%m", "*^30"])
def test_ordinary_format_specs_pass(spec: str) -> None:
    check_format_spec(spec)


@pytest.mark.parametrize("spec", ["99999", ".99999f", "0>123456789", "9" * 50])
def test_wide_format_specs_are_refused(spec: str) -> None:
    with pytest.raises(LimitExceeded):
        check_format_spec(spec)


def test_what_is_no_number_is_left_for_python_to_refuse() -> None:
    assert width("many") == 0
    assert width(None) == 0
    assert width(-5) == 0
    assert NUMBER_METHODS["to_bytes"](5, "x") == 0
    assert CONTAINER_METHODS["append"]([], "abc") == 3
