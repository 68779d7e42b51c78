from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.flows.errors import DocumentError
from flowloom.flows.runs import migrations
from flowloom.flows.runs.migrations import MIGRATIONS, m001_initial, migrate


def tables(database: sqlite3.Connection) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def opened(place: Path) -> sqlite3.Connection:
    return sqlite3.connect(place, isolation_level=None)


def test_a_new_file_gets_the_newest_schema_once(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "a.db")) as database:
        migrate(database, "a.db")
        assert tables(database) == {"runs", "nodes", "notes", "blobs"}
        assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        database.execute("INSERT INTO blobs VALUES ('h', 'kept')")
        migrate(database, "a.db")
        assert database.execute("SELECT text FROM blobs").fetchone() == ("kept",)


def test_an_older_file_gets_what_it_lacks_and_keeps_its_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(opened(tmp_path / "a.db")) as database:
        m001_initial(database)
        database.execute("PRAGMA user_version = 1")
        database.execute("INSERT INTO blobs VALUES ('h', 'kept')")

        def m_next(database: sqlite3.Connection) -> None:
            database.execute("ALTER TABLE blobs ADD COLUMN size INTEGER")

        monkeypatch.setattr(migrations, "MIGRATIONS", (m001_initial, m_next))
        migrate(database, "a.db")
        assert database.execute("SELECT text, size FROM blobs").fetchone() == ("kept", None)
        assert database.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def m_broken(database: sqlite3.Connection) -> None:
        database.execute("CREATE TABLE half (x)")
        database.execute("no such statement")

    monkeypatch.setattr(migrations, "MIGRATIONS", (m001_initial, m_broken))
    with closing(opened(tmp_path / "a.db")) as database:
        with pytest.raises(sqlite3.OperationalError):
            migrate(database, "a.db")
        assert "half" not in tables(database)
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert not database.in_transaction


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "a.db")) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        with pytest.raises(DocumentError, match="newer version") as caught:
            migrate(database, "a.db")
        assert caught.value.hint
        assert tables(database) == set()
