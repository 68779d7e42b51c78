"""When to ask a service again and how long to wait before: the one place that retries.

Asked again: no connection, 408, 409, 429, 5xx. Never: 400, 401, 403, 404, 422, an empty account, a refusal, a
filtered or malformed reply. What the service says of the time to wait is kept to, in each of its forms; where it says
nothing, waits double from one to the next and are spread by chance, so that many callers do not come back at once.
"""

from __future__ import annotations

import asyncio
import email.utils
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flowloom.flows.errors import ModelError, RateLimited


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the retries see it: ``now`` in seconds from any start, ``today`` in seconds since the epoch, and a way
    to wait."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], object] = asyncio.sleep
    """An async function."""


class Failure(Exception):
    """One attempt that did not work: the error to raise if it was the last, whether another may help, and how many
    seconds the service asked to wait (None: it did not say)."""

    def __init__(self, error: ModelError, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = again
        self.after = after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``attempts`` counts the first. Waits in seconds: ``first_wait`` doubles up to ``most_wait``
    (``first_wait_limited`` where the service limits the rate). A service that asks for more than ``longest_asked`` is
    not waited for: the person is told instead."""

    attempts: int = 6
    first_wait: float = 0.5
    first_wait_limited: float = 2.0
    most_wait: float = 20.0
    longest_asked: float = 120.0
    clock: Clock = field(default_factory=Clock)
    chance: Callable[[], float] = random.random

    def wait(self, failure: Failure, attempt: int, remaining: float) -> float | None:
        """Seconds to wait after the attempt of that number (from 1), or None where it was the last.

        ``remaining`` is what is left of the total deadline. The error of a failure that is not waited for says why.
        """
        if not failure.again or attempt >= self.attempts:
            return None
        if failure.after is not None:
            if failure.after > min(self.longest_asked, remaining):
                add_words(failure.error, f"It asks to wait {in_words(failure.after)} before the next request.")
                failure.error.hint = "Run it again later."
                return None
            # A little later than asked, so that rows that were told the same time do not come back in one instant.
            return failure.after + self.chance() * min(1.0, 0.1 * failure.after)
        first = self.first_wait_limited if isinstance(failure.error, RateLimited) else self.first_wait
        wait = min(self.most_wait, first * 2 ** (attempt - 1)) * (0.5 + 0.5 * self.chance())
        return wait if wait < remaining else None


def add_words(error: ModelError, sentence: str) -> None:
    """One more sentence at the end of an error's message."""
    error.message = f"{error.message} {sentence}"
    error.args = (error.message,)


def asked_wait(headers: Mapping[str, str], today: float) -> float | None:
    """The seconds that ``retry-after-ms`` or ``retry-after`` ask to wait, as a number or an HTTP date (RFC 9110,
    10.2.3).

    None where there is none, or none that makes sense: words, a negative number, infinity, a time that is past.
    Header names are lower case; ``today`` is the time of now in seconds since the epoch."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    wait = moment.timestamp() - today
    return wait if wait > 0 else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 < number < math.inf else None


def in_words(seconds: float) -> str:
    """``45 seconds``, ``20 minutes``, ``24 hours``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} second{'s' if round(seconds) > 1 else ''}"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours" if seconds < 129_600 else f"{round(seconds / 86_400)} days"
