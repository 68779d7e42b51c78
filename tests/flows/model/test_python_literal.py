"""Python literals are data."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.model.python_literal import MAX_LENGTH, NotALiteral, parse_literal

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@given(plain)
def test_what_python_writes_is_read_back(value: object) -> None:
    assert parse_literal(repr(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "print(1)",
        "[x for x in (1,)]",
        "__import__('os')",
        "f'{1}'",
        "1 if True else 2",
        "[1, 2",
        "'open",
        "lambda: 1",
        "{'a': b}",
        "1; 2",
        "x = 1",
        "[1]" + "\n[2]",
        "2 ** 9",
        "(" * 61 + ")" * 61,
        "[" * 100_000,
        "-" * 50_000 + "1",
        "1" * 5000,
        "1+" * 100_000 + "1",
        "{{" * 300 + "}}" * 300,
        "'" + "a" * MAX_LENGTH + "'",
        "\0",
        "'''",
        "\\",
    ],
)
def test_everything_else_is_refused_quickly(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NotALiteral):
        parse_literal(text)
    assert time.monotonic() - begun < 2


def test_brackets_within_texts_do_not_count_as_depth() -> None:
    assert parse_literal(repr("[" * 500)) == "[" * 500
    assert parse_literal("[" * 50 + "]" * 50)
