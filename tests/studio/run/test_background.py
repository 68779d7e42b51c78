"""Work in threads, answers in the window's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from flowloom.flows.errors import UsageError
from flowloom.studio.run.background import Background


def test_work_is_done_elsewhere_and_its_result_arrives_here(wait: Callable) -> None:
    here = threading.get_ident()
    found: list[Any] = []
    background = Background()
    background.do(threading.get_ident, lambda there: found.append((there, threading.get_ident())))
    wait(lambda: found)
    assert found[0][0] != here
    assert found[0][1] == here


def test_what_went_wrong_in_words_goes_to_who_asked(wait: Callable) -> None:
    found: list[Any] = []
    background = Background()

    def fail() -> None:
        raise UsageError("No.")

    background.do(fail, found.append, lambda error: found.append(error.message))
    wait(lambda: found)
    assert found == ["No."]


def test_what_was_forgotten_never_arrives(wait: Callable) -> None:
    found: list[int] = []
    background = Background()
    go = threading.Event()
    background.do(lambda: go.wait(5), lambda _done: found.append(1))
    background.forget()
    go.set()
    background.settle()
    background.do(lambda: None, lambda _done: found.append(2))
    wait(lambda: found)
    assert found == [2]


def test_a_mistake_of_ours_is_raised_where_it_is_seen(wait: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    raised: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: raised.append(kind))
    background = Background()
    background.do(lambda: 1 / 0, lambda _done: None)
    wait(lambda: raised)
    assert raised == [ZeroDivisionError]
