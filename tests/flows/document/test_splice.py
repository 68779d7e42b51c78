from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.document.splice import Splice, apply_splices, difference, joined_deletions


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=4)), max_size=5)
)
def test_the_inverse_restores_the_text(text: str, raw: list[tuple[int, int, str]]) -> None:
    splices, position = [], 0
    for start, end, new in sorted(raw):
        start, end = min(max(start, position), len(text)), min(max(end, start, position), len(text))
        splices.append(Splice("f", start, max(start, end), new))
        position = max(start, end)
    changed, inverse = apply_splices(text, splices)
    assert apply_splices(changed, inverse)[0] == text
    again, _ = apply_splices(text, apply_splices(changed, inverse)[1])
    assert again == changed


@given(st.text("ab\n", max_size=20), st.text("ab\n", max_size=20))
def test_the_difference_is_one_splice(old: str, new: str) -> None:
    splices = difference("f", old, new)
    assert apply_splices(old, splices)[0] == new
    assert len(splices) == (old != new)


def test_the_difference_spares_what_is_shared() -> None:
    assert difference("f", "one two three", "one 2 three") == (Splice("f", 4, 7, "2"),)


def test_overlaps_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply_splices("abc", [Splice("f", 0, 2, ""), Splice("f", 1, 3, "")])
    with pytest.raises(ValueError, match="outside"):
        apply_splices("abc", [Splice("f", 2, 9, "")])


def test_deletions_that_overlap_or_touch_join() -> None:
    joined = joined_deletions(
        [Splice("f", 5, 9, ""), Splice("f", 2, 6, ""), Splice("f", 9, 11, ""), Splice("f", 12, 12, "x")]
    )
    assert joined == [Splice("f", 2, 11, ""), Splice("f", 12, 12, "x")]
