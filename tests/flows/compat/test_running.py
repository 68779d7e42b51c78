from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from pathlib import Path

import pytest

from flowloom.flows.compat.running import context, pieces_of, place_of, wait_for

variable: ContextVar[int] = ContextVar("variable", default=0)


async def read() -> tuple[int, str]:
    await asyncio.sleep(0)
    return variable.get(), threading.current_thread().name


async def letters():
    try:
        for letter in "abc":
            yield letter
    finally:
        closed.append(True)


closed: list[bool] = []


def test_a_coroutine_is_waited_for_with_the_callers_variables():
    variable.set(7)
    value, thread = wait_for(read())
    assert value == 7
    assert thread != threading.current_thread().name


async def test_also_from_within_a_loop():
    variable.set(8)
    assert wait_for(read())[0] == 8


def test_what_it_raises_reaches_the_caller():
    async def fail():
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        wait_for(fail())


def test_async_pieces_become_plain_ones_and_are_closed():
    closed.clear()
    assert list(pieces_of(letters())) == ["a", "b", "c"]
    pieces = pieces_of(letters())
    assert next(pieces) == "a"
    pieces.close()  # type: ignore[attr-defined]
    assert closed == [True, True]


def test_outside_of_a_run_the_context_only_prints(capsys):
    context().log("words")
    assert capsys.readouterr().out == "words\n"
    assert context().service("chat")


def test_places_start_at_the_current_folder_outside_of_flows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x").touch()
    assert place_of("x") == tmp_path / "x"
    assert place_of("absent") == tmp_path / "absent"
