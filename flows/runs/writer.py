"""The one thread of a process that writes run records: short transactions, many statements in each."""

from __future__ import annotations

import atexit
import logging
import sqlite3
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from flowloom.flows.engine.database import open_private
from flowloom.flows.runs.migrations import migrate

Statement = tuple[str, tuple[Any, ...]]

_GATHER_SECONDS: Final = 0.05
_MOST_TOGETHER: Final = 2_000
_BUSY_SECONDS: Final = 10.0


class Writer:
    """Takes statements from any thread and writes them in order. What could not be written is a warning of the logger ``flowloom.runs``,
    which goes to stderr where a program sets nothing else, and stays in ``trouble``."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Path, list[Statement]] | threading.Event] = SimpleQueue()
        self._databases: dict[Path, sqlite3.Connection] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.trouble: list[str] = []
        """What could not be written, newest last; a disk that is full must not end a run."""

    def write(self, file: Path, statements: list[Statement]) -> None:
        """Write statements to a database some time soon, together or not at all."""
        self._queue.put((file, statements))
        if self._thread is None:
            self._start()

    def flush(self) -> None:
        """Wait until everything given so far is written."""
        if self._thread is not None and self._thread.is_alive():
            done = threading.Event()
            self._queue.put(done)
            done.wait()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="run-records", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            flushed: list[threading.Event] = []
            gathered: dict[Path, list[Statement]] = {}
            count = self._take(first, gathered, flushed)
            while count < _MOST_TOGETHER and not flushed:
                try:
                    count += self._take(self._queue.get(timeout=_GATHER_SECONDS), gathered, flushed)
                except Empty:
                    break
            for file, statements in gathered.items():
                self._write(file, statements)
            for event in flushed:
                event.set()

    @staticmethod
    def _take(item: Any, gathered: dict[Path, list[Statement]], flushed: list[threading.Event]) -> int:
        if isinstance(item, threading.Event):
            flushed.append(item)
            return 0
        file, statements = item
        gathered.setdefault(file, []).extend(statements)
        return len(statements)

    def _write(self, file: Path, statements: list[Statement]) -> None:
        try:
            database = self._open(file)
            database.execute("BEGIN IMMEDIATE")
            try:
                for run in _alike(statements):
                    database.executemany(run[0][0], [values for _, values in run])
                database.execute("COMMIT")
            except BaseException:
                database.execute("ROLLBACK")
                raise
        except Exception as error:
            self.trouble.append(f"{file}: {error}")
            logging.getLogger("flowloom.runs").warning("Records of a run were not kept in %s: %s", file, error)
            self._forget(file)

    def _open(self, file: Path) -> sqlite3.Connection:
        database = self._databases.get(file)
        if database is None or not file.exists():
            self._forget(file)
            database = self._databases[file] = open_database(file)
        return database

    def _forget(self, file: Path) -> None:
        database = self._databases.pop(file, None)
        if database is not None:
            database.close()


def _alike(statements: list[Statement]) -> list[list[Statement]]:
    """Neighbours that differ in their values only, together: SQLite then parses each once."""
    groups: list[list[Statement]] = []
    for statement in statements:
        if groups and groups[-1][0][0] is statement[0]:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return groups


def open_database(file: Path) -> sqlite3.Connection:
    """A connection for writing; makes the folder, its .gitignore and the tables where they are missing."""
    database = open_private(file, seconds=_BUSY_SECONDS, isolation_level=None)
    try:
        database.execute("PRAGMA foreign_keys = ON")
        migrate(database, str(file))
    except BaseException:
        database.close()
        raise
    return database


writer: Final = Writer()
