"""Garbage that holds Qt objects is collected where they live."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from flowloom.studio import collector
from flowloom.studio.collector import Collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    enabled = gc.isenabled()
    yield
    if enabled:
        gc.enable()
    else:
        gc.disable()


class Knot(QObject):
    """An object in a circle of references, as a window and its parts are."""

    gone_in: list[str] = []  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.circle = self
        weakref.finalize(self, lambda: Knot.gone_in.append(threading.current_thread().name))


def test_another_threads_allocations_collect_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Collector()
    Knot.gone_in.clear()
    Knot()

    def busy() -> None:
        for _ in range(200_000):
            assert [[], []]

    thread = threading.Thread(target=busy, name="other")
    thread.start()
    thread.join()
    assert Knot.gone_in == []
    monkeypatch.setattr(collector, "YOUNG", 0)
    kept.look()
    assert Knot.gone_in == ["MainThread"]


def test_it_looks_by_itself(monkeypatch: pytest.MonkeyPatch, wait) -> None:
    monkeypatch.setattr(collector, "YOUNG", 10)
    monkeypatch.setattr(collector, "BEAT_MS", 10)
    kept = Collector()
    Knot.gone_in.clear()
    Knot()
    keep = [[] for _ in range(100)]
    wait(lambda: Knot.gone_in)
    assert keep
    assert kept


def test_all_reaches_what_is_old() -> None:
    kept = Collector()
    Knot.gone_in.clear()
    Knot()
    gc.freeze()
    kept.all()
    assert Knot.gone_in == ["MainThread"]
    gc.unfreeze()
