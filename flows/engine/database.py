"""SQLite files of ours in a flow's private folder."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path


def open_private(file: Path, *, seconds: float, isolation_level: str | None = "") -> sqlite3.Connection:
    """A connection for reading and writing, from any thread. Makes the folder, and keeps it out of git, where it is missing.

    Waits at most ``seconds`` for other processes, now and at each statement. Raises OSError or ``sqlite3.Error``.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    private = next((folder for folder in file.parents if folder.name == ".flowloom"), None)
    if private is not None and not (private / ".gitignore").exists():
        (private / ".gitignore").write_text("*\n")
    database = sqlite3.connect(file, timeout=seconds, isolation_level=isolation_level, check_same_thread=False)  # type: ignore[arg-type]
    try:
        _write_ahead(database, time.monotonic() + seconds)
        database.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def _write_ahead(database: sqlite3.Connection, deadline: float) -> None:
    """Turn the write-ahead log on. SQLite does not wait by itself where another process does the same at this moment."""
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= deadline:
                raise
        time.sleep(0.01)
