"""The records of earlier runs: what comes back, and that trouble with the disk never ends a run."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.cache import INLINE, Cache
from flowloom.flows.engine.codec import NotKept
from flowloom.flows.engine.events import Log, Metric

PARTS = {"code": "1", "input x": "2"}
BLOB = "x" * (INLINE + 1)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    cache = Cache(tmp_path / ".flowloom" / "cache")
    yield cache
    cache.close()


def keep(cache: Cache, output: Any, parts: dict[str, str] = PARTS, **more: Any) -> None:
    cache.keep("a", parts, output, **({"streamed": False, "outcome": None, "notes": (), "seconds": 1.5} | more))


@pytest.mark.parametrize("output", [None, "text \ud800\x00", BLOB, {"a": [1, (2.5, b"\x00")], 3: True}, float("inf")], ids=range(5))
def test_a_record_comes_back_as_it_was(cache: Cache, output: Any) -> None:
    notes = (Log(None, "said", "warning", "stdout"), Metric(None, "score", 0.5, "variant_0"))
    keep(cache, output, streamed=True, outcome="length", notes=notes)
    again = Cache(cache.folder)
    kept, other = again.find(PARTS), again.find({**PARTS, "code": "2"})
    again.close()
    assert kept is not None
    assert (kept.output, kept.streamed, kept.outcome, kept.notes, kept.seconds) == (output, True, "length", notes, 1.5)
    assert other is None


def test_looking_creates_nothing_and_the_first_record_is_kept_out_of_git(cache: Cache, tmp_path: Path) -> None:
    assert cache.find(PARTS) is None
    assert cache.why_again("a", PARTS) == "it has not run before."
    assert list(tmp_path.iterdir()) == []
    keep(cache, 1)
    assert (tmp_path / ".flowloom" / ".gitignore").read_text() == "*\n"
    cache.clear()
    assert not cache.folder.exists()
    assert cache.find(PARTS) is None


def test_it_says_what_changed(cache: Cache) -> None:
    keep(cache, 1)
    assert cache.why_again("a", {"code": "1", "input x": "3"}) == "its input 'x' changed."
    assert cache.why_again("b", PARTS) == "it has not run before."


def test_a_damaged_file_counts_as_absent(cache: Cache) -> None:
    keep(cache, BLOB)
    (blob,) = (path for path in cache.folder.rglob("*") if len(path.name) == 64)
    blob.write_text(blob.read_text().replace("x", "y"))
    assert cache.find(PARTS) is None
    blob.unlink()
    assert cache.find(PARTS) is None


@pytest.mark.parametrize("column", ["output", "notes", "parts"])
@pytest.mark.parametrize("text", ["", "[1", "[1]", '{"$flowloom": "tuple"}', "[" * 5000 + "]" * 5000, '{"$flowloom": "later"}'])
def test_a_damaged_record_counts_as_absent(cache: Cache, column: str, text: str) -> None:
    keep(cache, 1)
    cache.close()
    with closing(sqlite3.connect(cache.folder / "records.db")) as database, database:
        database.execute(f"UPDATE records SET {column} = ?", (text,))
    found = cache.find(PARTS)
    assert found is None or column == "parts" or (column, text, found.output) == ("output", "[1]", [1])
    assert cache.why_again("a", PARTS).endswith(".")


def test_what_cannot_come_back_the_same_is_refused(cache: Cache, tmp_path: Path) -> None:
    with pytest.raises(NotKept, match="Path"):
        keep(cache, [tmp_path])
    (tmp_path / ".flowloom").write_text("in the way")
    with pytest.raises(NotKept, match="cannot be written"):
        keep(cache, 1)


RUNS = {"tools": {"noted": "@tool\ndef noted(x=1):\n    print('hello')\n    log_metric('rows', x)\n    return [x]"}}


@pytest.mark.parametrize("trouble", ["no database", "torn", "locked", "a folder"])
def test_trouble_costs_the_reuse_and_is_said(write_flow: Any, trouble: str) -> None:
    root = write_flow({"a": "noted x=3"}, outputs={"o": "${a.output}"}, **RUNS)
    place = root / ".flowloom" / "cache" / "records.db"
    with load_flow(root) as flow:
        assert flow.run_result(cache=True).outputs == {"o": [3]}
    blocker = sqlite3.connect(place, isolation_level=None)
    if trouble == "no database":
        place.write_bytes(b"these are not records" * 1000)
    elif trouble == "torn":
        for beside in place.parent.glob("records.db-*"):
            beside.unlink()
        data = place.read_bytes()
        place.write_bytes(data[:100] + os.urandom(len(data) - 100))
    elif trouble == "a folder":
        place.unlink()
        place.mkdir()
    else:
        blocker.execute("PRAGMA locking_mode = EXCLUSIVE")
        blocker.execute("PRAGMA journal_mode = DELETE")
        blocker.execute("BEGIN EXCLUSIVE")
    with load_flow(root) as flow:
        result, logs = with_logs(flow)
    blocker.close()
    assert (result.outputs, result.nodes["a"].cached) == ({"o": [3]}, False)
    if trouble != "a folder":
        assert [log for log in logs if log.level == "warning" and "cannot be read" in log.text and str(place.parent) in log.text]
    assert [log for log in logs if "was not kept for later runs" in log.text]


def with_logs(flow: Any) -> tuple[Any, list[Log]]:
    events_of = flow.stream_run(cache=True)

    async def both() -> tuple[Any, list[Log]]:
        async with events_of as events:
            logs = [event async for event in events if isinstance(event, Log)]
        return await events_of.result(), logs

    return asyncio.run(both())


WRITES = """import sys
from flowloom.flows.engine.cache import INLINE, Cache
cache = Cache(sys.argv[1])
name = sys.argv[2]
print('ready', flush=True)
for number in range(int(sys.argv[3])):
    text = f'{name} {number}' * (INLINE if number % 2 else 1)
    cache.keep(name, {'n': f'{name} {number}'}, text, streamed=False, outcome=None, notes=(), seconds=0.0)
    print(number, flush=True)
"""


def test_two_processes_keep_records_at_once(cache: Cache) -> None:
    command = [sys.executable, "-c", WRITES, str(cache.folder)]
    both = [subprocess.Popen([*command, name, "40"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for name in ("one", "two")]
    for process in both:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    for name in ("one", "two"):
        for number in range(40):
            kept = cache.find({"n": f"{name} {number}"})
            assert kept is not None
            assert kept.output[: len(name)] == name


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_process_killed_half_way_leaves_whole_records(cache: Cache, rng: Any) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITES, str(cache.folder), "one", "100000"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    written = -1
    for _ in range(rng.randrange(5, 60)):
        line = process.stdout.readline().strip()
        written = written if line == "ready" else int(line)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for number in range(written + 1):
        kept = cache.find({"n": f"one {number}"})
        assert kept is not None
        assert kept.output.startswith(f"one {number}")
    keep(cache, "goes on")
    assert cache.find(PARTS) is not None


def test_a_large_output_is_a_file_named_by_its_hash(cache: Cache) -> None:
    keep(cache, BLOB)
    (blob,) = [path for path in cache.folder.glob("*/*") if path.is_file()]
    blob.write_text("changed")
    assert cache.find(PARTS) is None


def test_nothing_is_kept_after_it_was_cleared(cache: Cache) -> None:
    keep(cache, 1)
    cache.clear()
    assert cache.find(PARTS) is None
    assert not cache.folder.exists()
