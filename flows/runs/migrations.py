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


def m002_summaries(database: sqlite3.Connection) -> None:
    """What a list of runs shows, in the run's own row: ``about`` (its inputs in one line), ``usage``, ``tokens`` and ``price`` in US
    dollars, NULL where it is not known. ``what_ran``, ``inputs_blob`` and ``outputs_blob`` are hashes of blobs. A model call is a note of
    kind ``exchange`` whose ``name`` is the hash of its blob.
    """
    for statement in (
        "ALTER TABLE runs ADD COLUMN about TEXT",
        "ALTER TABLE runs ADD COLUMN usage TEXT",
        "ALTER TABLE runs ADD COLUMN tokens INTEGER",
        "ALTER TABLE runs ADD COLUMN price REAL",
        "ALTER TABLE runs ADD COLUMN what_ran TEXT",
        "ALTER TABLE runs ADD COLUMN inputs_blob TEXT",
        "ALTER TABLE runs ADD COLUMN outputs_blob TEXT",
        "UPDATE runs SET about = substr(inputs, 1, 200)",
        """UPDATE runs SET tokens = (SELECT sum(json_extract(usage, '$.total_tokens')) FROM nodes
            WHERE run = runs.id AND nodes.usage IS NOT NULL AND instr(node, '/') = 0)""",
        """UPDATE runs SET price = (SELECT sum(json_extract(usage, '$.price')) FROM nodes
            WHERE run = runs.id AND nodes.usage IS NOT NULL AND instr(node, '/') = 0)
            WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE run = runs.id AND nodes.usage IS NOT NULL AND instr(node, '/') = 0
                AND json_extract(usage, '$.price') IS NULL)""",
        "CREATE INDEX nodes_of_blob ON nodes (blob) WHERE blob IS NOT NULL",
        "CREATE INDEX notes_of_blob ON notes (name) WHERE kind = 'exchange'",
        "CREATE INDEX runs_of_what ON runs (what_ran)",
        "CREATE INDEX runs_of_inputs ON runs (inputs_blob) WHERE inputs_blob IS NOT NULL",
        "CREATE INDEX runs_of_outputs ON runs (outputs_blob) WHERE outputs_blob IS NOT NULL",
    ):
        database.execute(statement)


MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (m001_initial, m002_summaries)


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
