from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.errors import NodeError
from flowloom.nodes.text.split import split


def test_each_way_to_split():
    assert split("a\n\n b \r\nc") == ["a", "b", "c"]
    assert split("a\nb\n \n\nc", by="paragraphs") == ["a\nb", "c"]
    assert split("a, b,,c", by="separator") == ["a", "b", "c"]
    assert split("a,,c", by="separator", keep_empty=True) == ["a", "", "c"]
    assert split("abcdef", by="length", length=4, overlap=2) == ["abcd", "cdef"]
    assert split("", by="length") == []


@given(st.text(max_size=60), st.integers(1, 20), st.integers(0, 19))
def test_pieces_put_together_again_are_the_text(text, length, overlap):
    if overlap >= length:
        with pytest.raises(NodeError, match="cannot overlap"):
            split(text, by="length", length=length, overlap=overlap)
        return
    pieces = split(text, by="length", length=length, overlap=overlap)
    assert "".join(piece if not n else piece[overlap:] for n, piece in enumerate(pieces)) == text
    assert all(len(piece) <= length for piece in pieces)


def test_an_empty_separator_is_an_error():
    with pytest.raises(NodeError, match="separator is empty"):
        split("x", by="separator", separator="")
