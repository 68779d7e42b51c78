"""Reading run records: a connection of its own for each question, brought to the newest schema first."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from flowloom.flows.errors import DocumentError
from flowloom.flows.runs.migrations import MIGRATIONS, migrate
from flowloom.flows.runs.writer import open_database


class Reader:
    """Asks one file. A file that does not exist answers with nothing, and is not made."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._is_current = False

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Raises DocumentError where the file is damaged, or written by a newer Flowloom."""
        (found,) = self.several([(query, values)])
        return found

    def several(self, queries: Iterable[tuple[str, tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
        """The answers to several questions, all of one moment."""
        if not self.file.is_file():
            return [[] for _ in queries]
        try:
            with closing(self._open()) as database:
                database.execute("BEGIN")
                return [database.execute(query, values).fetchall() for query, values in queries]
        except sqlite3.Error as error:
            raise DocumentError(
                f"The run records in {self.file} cannot be read: {error}.",
                hint="Move the file away to start new records.",
                file=str(self.file),
            ) from error

    def _open(self) -> sqlite3.Connection:
        if self._is_current:
            return self._connect()
        database = self._connect()
        if database.execute("PRAGMA user_version").fetchone()[0] > len(MIGRATIONS):
            with closing(database):
                migrate(database, str(self.file))
        if database.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS):
            database.close()
            open_database(self.file).close()
            database = self._connect()
        self._is_current = True
        return database

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True, timeout=10.0, isolation_level=None)


def is_alive(process: int, since: float) -> bool:
    """Whether the process that began a run at ``since`` (seconds since the epoch) is still there, and no later one of its number."""
    if process == os.getpid():
        return True
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    began = _began(process) if sys.platform == "linux" else None
    return began is None or began <= since + 2


def _began(process: int) -> float | None:
    """When a process of Linux began, in seconds since the epoch; None where it cannot be told."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return _boot() + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


@cache
def _boot() -> float:
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith("btime "):
            return float(line.split()[1])
    raise ValueError("/proc/stat does not say when the computer was started")
