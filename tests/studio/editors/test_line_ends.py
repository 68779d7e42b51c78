"""A file's own line ends stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.studio.editors.line_ends import carried, shown

TEXTS = st.text(alphabet="ab\r\n\u2029é😀", max_size=30)
PLAIN = st.text(alphabet="ab\né😀", max_size=30)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_new_lines_end_as_the_others(newline: str) -> None:
    text = newline.join(["one", "two", "three", ""])
    assert carried(text, "one\ntwo\nmore\nthree\n") == newline.join(["one", "two", "more", "three", ""])


def test_mixed_ends_stay_where_nothing_was_typed() -> None:
    assert carried("a\r\nb\nc\r\n", "a\nb!\nc\n") == "a\r\nb!\nc\r\n"


@given(TEXTS, PLAIN)
def test_what_is_shown_afterwards_is_what_was_typed(text: str, after: str) -> None:
    assert shown(carried(text, after)) == after


@given(TEXTS)
def test_nothing_typed_changes_nothing(text: str) -> None:
    assert carried(text, shown(text)) == text
