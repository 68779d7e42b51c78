from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.engine.cache import INLINE, Cache
from flowloom.flows.engine.codec import NotKept
from flowloom.flows.engine.events import Log, Metric

PARTS = {"code": "1", "input x": "2"}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / ".flowloom" / "cache")


def keep(cache: Cache, output: Any, parts: dict[str, str] = PARTS, **named: Any) -> None:
    cache.keep("a", parts, output, **{"streamed": False, "outcome": None, "notes": (), "seconds": 0.1, **named})


def test_opening_creates_nothing(cache: Cache, tmp_path: Path) -> None:
    assert cache.find(PARTS) is None
    assert cache.why_again("a", PARTS) == "it has not run before."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", [None, {"a": (1, b"x")}, "x" * (INLINE * 3)], ids=["none", "nested", "large"])
def test_a_record_comes_back_also_in_another_cache(cache: Cache, output: Any) -> None:
    notes = (Log(None, "said", "info", "stdout"), Metric(None, "k", 0.5, "v"))
    keep(cache, output, streamed=True, outcome="length", notes=notes)
    cache.close()
    kept = Cache(cache.folder).find(PARTS)
    assert kept is not None
    assert (kept.output, kept.streamed, kept.outcome, kept.notes) == (output, True, "length", notes)


def test_large_outputs_are_files_named_by_their_hash(cache: Cache) -> None:
    keep(cache, "x" * INLINE * 2)
    (blob,) = [path for path in cache.folder.glob("*/*") if path.is_file()]
    blob.write_text("changed")
    assert cache.find(PARTS) is None


def test_it_is_never_committed(cache: Cache) -> None:
    keep(cache, 1)
    assert (cache.folder.parent / ".gitignore").read_text() == "*\n"


def test_why_a_node_runs_again(cache: Cache) -> None:
    keep(cache, 1)
    assert cache.why_again("a", {**PARTS, "input x": "3"}) == "its input 'x' changed."
    assert cache.why_again("b", PARTS) == "it has not run before."


def test_what_cannot_be_kept_says_so(cache: Cache) -> None:
    with pytest.raises(NotKept, match="object"):
        keep(cache, object())


def test_trouble_with_the_disk_costs_only_the_reuse(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = Cache(blocked / "cache")
    assert cache.find(PARTS) is None
    with pytest.raises(NotKept, match="cannot be written"):
        keep(cache, 1)
    broken = Cache(tmp_path / "broken")
    broken.folder.mkdir()
    (broken.folder / "records.db").write_bytes(b"no database" * 100)
    assert broken.find(PARTS) is None


def test_nothing_is_pickled(cache: Cache) -> None:
    keep(cache, {"a": 1})
    rows = sqlite3.connect(cache.folder / "records.db").execute("SELECT output FROM records").fetchall()
    assert rows == [('{"a": 1}',)]


def test_several_threads_share_one_cache(cache: Cache) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            keep(cache, number, {"n": f"{number}.{turn}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [cache.find({"n": f"{number}.{turn}"}) for number in range(4) for turn in range(10)]
    assert [kept.output for kept in found if kept] == [number for number in range(4) for _ in range(10)]


def test_clear(cache: Cache) -> None:
    keep(cache, 1)
    cache.clear()
    assert cache.find(PARTS) is None
    assert not cache.folder.exists()
