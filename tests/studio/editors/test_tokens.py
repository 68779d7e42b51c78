"""The estimate of tokens is near what models count."""

from __future__ import annotations

import pytest

from flowloom.studio.editors.tokens import estimated_tokens


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        # Counted with the o200k table of current models.
        ("You answer customers of a shop. Say in your own words what they wrote.", 16),
        ("The parcel came nine days late and the box was wet.", 12),
        ("def decide(value: str) -> bool:\n    return value == 'yes'\n", 17),
        ("请用中文回答客户的问题。", 9),
        ("", 0),
    ],
)
def test_it_is_within_a_third(text: str, counted: int) -> None:
    assert abs(estimated_tokens(text) - counted) <= max(1, counted / 3)
