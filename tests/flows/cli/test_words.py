from __future__ import annotations

import pytest

from flowloom.flows.cli import words
from flowloom.flows.engine.events import Usage


@pytest.mark.parametrize(
    ("value", "text"), [(0.004, "0.00 s"), (0.52, "0.52 s"), (1.44, "1.4 s"), (125, "2 min 05 s"), (7384, "2 h 03 min")]
)
def test_seconds(value: float, text: str) -> None:
    assert words.seconds(value) == text


def test_usage_never_shows_an_unknown_price_as_nothing() -> None:
    assert words.usage(Usage(total_tokens=1412, calls=1, price=0.00123)) == "1,412 tokens, $0.0012"
    assert words.usage(Usage(total_tokens=5, calls=1, price=None)) == "5 tokens, price unknown"
    assert words.usage(Usage(total_tokens=5, calls=1, price=0.0)) == "5 tokens"
    assert words.usage(None) == words.usage(Usage()) == ""


def test_prices_and_counts() -> None:
    assert (words.price(0.00001), words.price(12.5), words.plural(1, "row"), words.plural(1200, "row")) == (
        "under $0.0001",
        "$12.50",
        "1 row",
        "1,200 rows",
    )
