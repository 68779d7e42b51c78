"""The database's schema as numbered steps. Published steps never change; the next version is another function at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from flowloom.flows.errors import DocumentError


def m001_initial(database: sqlite3.Connection) -> None:
    """Runs, how each node of a run ended, what they wrote, and large values by their hash.

    A run belongs to a group (a batch, a comparison); ``row``, ``variant`` and ``repeat`` say which one of the group it is. Times are
    seconds since the epoch, values JSON. ``writer`` is the process that writes the run while its status is ``running``.
    """
    for statement in (
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY, "group" TEXT, row INTEGER, variant TEXT, repeat INTEGER, flow TEXT NOT NULL, status TEXT NOT NULL,
            started REAL NOT NULL, seconds REAL, inputs TEXT, outputs TEXT, error TEXT, writer INTEGER NOT NULL)""",
        'CREATE INDEX runs_of_group ON runs ("group", row)',
        "CREATE INDEX runs_by_start ON runs (started)",
        """CREATE TABLE nodes (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, node TEXT NOT NULL, status TEXT NOT NULL, attempt INTEGER NOT NULL,
            started REAL, seconds REAL, output TEXT, blob TEXT, fingerprint TEXT, usage TEXT, outcome TEXT, cached INTEGER NOT NULL,
            error TEXT, why TEXT, PRIMARY KEY (run, node)) WITHOUT ROWID""",
        """CREATE TABLE notes (
            run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL, node TEXT, kind TEXT NOT NULL,
            name TEXT NOT NULL, value TEXT NOT NULL, detail TEXT, PRIMARY KEY (run, position)) WITHOUT ROWID""",
        "CREATE TABLE blobs (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
    ):
        database.execute(statement)


MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (m001_initial,)


def migrate(database: sqlite3.Connection, file: str) -> None:
    """Bring a database to the newest version. Raises DocumentError for one that a newer Flowloom wrote."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise DocumentError(
            f"The run records in {file} were written by a newer version of Flowloom.", hint="Update Flowloom to read them.", file=file
        )
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        database.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been faster.
            if database.execute("PRAGMA user_version").fetchone()[0] < number:
                step(database)
                database.execute(f"PRAGMA user_version = {number}")
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise
