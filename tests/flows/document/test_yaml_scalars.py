from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from flowloom.flows.document.yaml_scalars import NotReadable, plain_value, tagged_value

# What prompt flow 1.18.5 reads, word by word.
MEANINGS: list[tuple[str, Any]] = [
    ("yes", "yes"),
    ("No", "No"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("true", True),
    ("TRUE", True),
    ("tRue", "tRue"),
    ("False", False),
    ("~", None),
    ("", None),
    ("NULL", None),
    ("nUll", "nUll"),
    ("012", 12),
    ("-012", -12),
    ("0o14", 12),
    ("+0o14", 12),
    ("0o8", "0o8"),
    ("0O14", "0O14"),
    ("0b11", 3),
    ("0x1F", 31),
    ("-0x1F", -31),
    ("0X1F", "0X1F"),
    ("1_000", 1000),
    ("1_", 1),
    ("_1", "_1"),
    ("+12", 12),
    ("00", 0),
    ("1e3", 1000.0),
    ("1E+3", 1000.0),
    (".5", 0.5),
    ("5.", 5.0),
    ("1_0.5", 10.5),
    ("e3", "e3"),
    (".", "."),
    ("._E-8", "._E-8"),
    ("-", "-"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("inf", "inf"),
    ("NaN", "NaN"),
    ("12:30", "12:30"),
    ("190:20:30", "190:20:30"),
    ("1.2.3", "1.2.3"),
    ("=", "="),
    ("2024-02-29", date(2024, 2, 29)),
    ("2024-02-29T10:00:00", datetime(2024, 2, 29, 10)),
    ("2024-2-9 1:02:03.5", datetime(2024, 2, 9, 1, 2, 3, 500000)),
    ("2024-02-29 10:00:00Z", datetime(2024, 2, 29, 10, tzinfo=UTC)),
    ("2024-02-29t10:00:00-05:30", datetime(2024, 2, 29, 10, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ("2024-02", "2024-02"),
]


@pytest.mark.parametrize(("word", "value"), MEANINGS)
def test_a_word_means_what_prompt_flow_reads(word: str, value: Any) -> None:
    found = plain_value(word)
    assert (type(found), found) == (type(value), value)


def test_not_a_number_is_a_number() -> None:
    assert math.isnan(plain_value(".nan"))


@pytest.mark.parametrize("word", ["2024-13-01", "2023-02-29", "2024-01-01 25:00:00"])
def test_a_date_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(NotReadable, match=word[:10]):
        plain_value(word)


def test_a_number_of_endless_digits_is_refused() -> None:
    with pytest.raises(NotReadable, match="digits"):
        plain_value("9" * 5000)


def test_tags_choose_the_type() -> None:
    tag = "tag:yaml.org,2002:"
    assert tagged_value(f"{tag}str", "12") == "12"
    assert tagged_value(f"{tag}int", "0x10") == 16
    assert tagged_value(f"{tag}float", "1") == 1.0
    assert tagged_value(f"{tag}bool", "yes") is True
    assert tagged_value(f"{tag}null", "") is None
    assert tagged_value(f"{tag}timestamp", "2024-01-01") == date(2024, 1, 1)
    for name, word in [("int", "x"), ("float", "x"), ("bool", "maybe"), ("null", "x"), ("timestamp", "x")]:
        with pytest.raises(NotReadable):
            tagged_value(tag + name, word)
