from __future__ import annotations

import signal

import pytest

from flowloom.flows.worker import words
from flowloom.flows.worker.outbox import LOST_PIPE


@pytest.mark.parametrize(
    ("why", "code", "said"),
    [
        ("", -signal.SIGSEGV, "it crashed: a library read memory that is not there"),
        ("", -signal.SIGKILL, "it was killed, perhaps for want of memory"),
        ("", -signal.SIGTERM, "it was told to end"),
        ("", -62, "it was ended by signal 62"),
        ("", 0, "it ended itself"),
        ("", 7, "it ended itself with code 7"),
        ("", LOST_PIPE, "its way to the studio was closed"),
        ("", None, "it cannot be started"),
        ("it did not answer", -9, "it did not answer"),
    ],
)
def test_the_end_of_a_worker_is_told_in_words(why: str, code: int | None, said: str) -> None:
    assert words.reason(why, code) == said


def test_errors_say_what_comes_next() -> None:
    error = words.lost("it ended itself", log="last words")
    assert str(error) == "The part that runs flows stopped (it ended itself). A new one is ready."
    assert (error.kind, error.detail, bool(error.hint)) == ("worker_lost", "last words", True)
    assert str(words.no_worker("it cannot be started")) == "The part that runs flows cannot be started (it cannot be started)."
