from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.flows.runs.migrations import m001_initial
from flowloom.flows.runs.reader import Reader, is_alive


def test_records_of_an_older_version_are_brought_forward_before_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / ".flowloom" / "runs.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        m001_initial(database)
        database.execute("PRAGMA user_version = 1")
        database.execute(
            "INSERT INTO runs (id, flow, status, started, inputs, writer) VALUES ('r', 'f', 'completed', 1.0, '{\"q\": \"Hi\"}', 1)"
        )
        for node, tokens, price in (("a", 10, 0.5), ("b", 5, 0.25), ("a/inner", 100, 9.0)):
            usage = f'{{"total_tokens": {tokens}, "price": {price}}}'
            database.execute(
                "INSERT INTO nodes (run, node, status, attempt, usage, cached) VALUES ('r', ?, 'completed', 1, ?, 0)", (node, usage)
            )
    assert Reader(file).rows("SELECT about, tokens, price FROM runs") == [('{"q": "Hi"}', 15, 0.75)]


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    assert Reader(tmp_path / "no" / "runs.db").several([("SELECT 1", ()), ("SELECT 2", ())]) == [[], []]
    assert list(tmp_path.iterdir()) == []


def test_whether_the_process_of_a_run_is_there() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert is_alive(other.pid, time.time())
        other.kill()
    assert not is_alive(other.pid, time.time())
    assert is_alive(os.getpid(), 0.0)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells when a process began")
def test_a_later_process_of_the_same_number_is_another() -> None:
    assert not is_alive(os.getppid(), 1_000_000.0)
