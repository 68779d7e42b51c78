from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.flows.engine.database import open_private

OPENS = """import sqlite3, sys
from pathlib import Path
from flowloom.flows.engine.database import open_private
for number in range(20):
    database = open_private(Path(sys.argv[1]) / str(number) / 'a.db', seconds=10)
    with database:
        database.execute('CREATE TABLE IF NOT EXISTS t (x)')
        database.execute('INSERT INTO t VALUES (1)')
    database.close()
"""


def test_several_processes_may_make_the_same_file(tmp_path: Path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", OPENS, str(tmp_path)], stderr=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    for number in range(20):
        with closing(sqlite3.connect(tmp_path / str(number) / "a.db")) as database:
            assert database.execute("SELECT count(*) FROM t").fetchone() == (3,)


def test_the_private_folder_is_kept_out_of_git_and_a_rule_of_ones_own_stays(tmp_path: Path) -> None:
    open_private(tmp_path / ".flowloom" / "deep" / "a.db", seconds=1).close()
    ignore = tmp_path / ".flowloom" / ".gitignore"
    assert ignore.read_text() == "*\n"
    ignore.write_text("mine\n")
    open_private(tmp_path / ".flowloom" / "b.db", seconds=1).close()
    assert ignore.read_text() == "mine\n"


def test_what_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        open_private(tmp_path / "a.db", seconds=0.1)
    assert (tmp_path / "a.db").read_text().startswith("no database")


def test_a_file_that_somebody_reads_is_waited_for(tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    reader.execute("CREATE TABLE t (x)")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        open_private(tmp_path / "a.db", seconds=0.05)
    threading.Timer(0.3, lambda: reader.execute("COMMIT")).start()
    database = open_private(tmp_path / "a.db", seconds=20)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    reader.close()
