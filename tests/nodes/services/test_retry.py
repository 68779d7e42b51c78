import email.utils
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.errors import RateLimited, ServiceUnavailable
from flowloom.nodes.services.retry import Failure, RetryPolicy, asked_wait, in_words

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": " 2 "}, 2.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "700", "retry-after": "30"}, 0.7),
        ({"retry-after-ms": "soon", "retry-after": "30"}, 30.0),
        ({"retry-after": email.utils.formatdate(NOW + 5, usegmt=True)}, 5.0),
        ({"retry-after": email.utils.formatdate(NOW - 5, usegmt=True)}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "86400"}, 86400.0),
        ({}, None),
    ],
)
def test_the_wait_that_is_asked_for(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_breaks_the_reading(text: str) -> None:
    wait = asked_wait({"retry-after": text}, NOW)
    assert wait is None or 0 < wait < float("inf")


def failure(kind: type = ServiceUnavailable, **given_: object) -> Failure:
    return Failure(kind("It could not answer."), **{"again": True, **given_})  # type: ignore[arg-type]


def test_waits_double_and_are_bounded() -> None:
    policy = RetryPolicy(attempts=12, chance=lambda: 1.0)
    waits = [policy.wait(failure(), attempt, 1000) for attempt in range(1, 12)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0, 20.0, 20.0]
    assert policy.wait(failure(RateLimited), 1, 1000) == 2.0


def test_chance_spreads_waits_but_never_below_what_was_asked() -> None:
    rng = random.Random(5)
    policy = RetryPolicy(chance=rng.random)
    own = {policy.wait(failure(), 1, 1000) for _ in range(50)}
    assert len(own) == 50
    assert all(wait is not None and 0.25 <= wait <= 0.5 for wait in own)
    asked = [policy.wait(failure(after=3.0), 1, 1000) for _ in range(50)]
    assert all(wait is not None and 3.0 <= wait <= 3.3 for wait in asked)


def test_when_not_to_wait() -> None:
    policy = RetryPolicy(attempts=3)
    assert policy.wait(failure(again=False), 1, 1000) is None
    assert policy.wait(failure(), 3, 1000) is None
    assert policy.wait(failure(), 1, 0.1) is None
    for after, remaining in ((121.0, 1000.0), (50.0, 40.0)):
        told = failure(after=after)
        assert policy.wait(told, 1, remaining) is None
        assert "It asks to wait" in told.error.message
        assert str(told.error) == told.error.message


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (45, "45 seconds"),
        (1200, "20 minutes"),
        (86400, "24 hours"),
        (864000, "10 days"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
