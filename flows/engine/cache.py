"""Outputs of nodes kept from earlier runs: ``.flowloom/cache``, SQLite for what is small, files named by their hash for what is not.

A record holds the output, the logs and the metrics of the work it stands for, and the parts of its key, so that it can be said why a node
runs again. Nothing is unpickled; what cannot come back the same is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, Final

from flowloom.flows.engine import codec
from flowloom.flows.engine.database import open_private
from flowloom.flows.engine.events import Exchange, Log, Metric
from flowloom.flows.engine.fingerprint import difference, key_of

INLINE: Final = 16 * 1024
"""Longer outputs become files."""
LARGEST: Final = 64 * 1024 * 1024
LARGEST_CALL: Final = 256 * 1024
"""A longer model call is left out of a record."""
_NOTES: Final[dict[str, Any]] = {kind.type: kind for kind in (Log, Metric, Exchange)}
_PATIENCE: Final = 2.0
"""Seconds to wait while another process writes."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS records (
    key TEXT PRIMARY KEY, node TEXT NOT NULL, parts TEXT NOT NULL, output TEXT, blob TEXT, streamed INTEGER NOT NULL,
    outcome TEXT, notes TEXT NOT NULL, seconds REAL NOT NULL, made REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS records_of_node ON records (node, made);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record: the output as it was, whether it came as a stream, and what the node wrote while it worked."""

    output: Any
    streamed: bool
    outcome: str | None
    notes: tuple[Log | Metric | Exchange, ...]
    seconds: float


class Cache:
    """The records of one flow folder. Opening it creates nothing; the first record does. May be used from several threads.

    Trouble with the disk costs the reuse, never the run: such a record counts as absent.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self.trouble = ""
        """Why the last look-up failed. Until one succeeds nothing else waits for the database."""

    def find(self, parts: Mapping[str, str]) -> Kept | None:
        """The record for these parts of a key."""
        row = self._row("SELECT output, blob, streamed, outcome, notes, seconds FROM records WHERE key = ?", key_of(parts))
        if row is None:
            return None
        output, blob, streamed, outcome, notes, seconds = row
        try:
            text = output if blob is None else self._read_blob(blob)
            return Kept(codec.decode(text), bool(streamed), outcome, _notes(notes), seconds)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def why_again(self, node: str, parts: Mapping[str, str]) -> str:
        """Why a node without a record for these parts has to run, as a sentence."""
        row = None
        if not self.trouble:
            row = self._row("SELECT parts FROM records WHERE node = ? ORDER BY made DESC LIMIT 1", node)
        if self.trouble:
            return f"what earlier runs left in {self.folder} cannot be read ({self.trouble}); the folder may be deleted."
        if row is None:
            return "it has not run before."
        try:
            return f"{difference(json.loads(row[0]), parts)}."
        except (ValueError, TypeError, AttributeError, RecursionError):
            return "its record is damaged."

    def keep(
        self,
        node: str,
        parts: Mapping[str, str],
        output: Any,
        *,
        streamed: bool,
        outcome: str | None,
        notes: Sequence[Log | Metric | Exchange],
        seconds: float,
    ) -> None:
        """Keep an output. Raises NotKept where it cannot come back the same, in words for people."""
        if self.trouble:
            raise codec.NotKept(f"{self.folder} cannot be used ({self.trouble})")
        text = codec.encode(output)
        if len(text) > LARGEST:
            raise codec.NotKept("it is too large")
        blob = None
        try:
            if len(text) > INLINE:
                blob, text_in_row = self._write_blob(text), None
            else:
                text_in_row = text
            written = f"[{', '.join(_written(notes))}]"
            row = (key_of(parts), node, json.dumps(parts), text_in_row, blob, streamed, outcome, written, seconds, time())
            with self._lock, self._open() as database:
                database.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        except (OSError, sqlite3.Error) as error:
            raise codec.NotKept(f"{self.folder} cannot be written ({error})") from error

    def clear(self) -> None:
        """Forget everything."""
        import shutil

        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _row(self, query: str, value: str) -> tuple[Any, ...] | None:
        try:
            with self._lock:
                self.trouble = ""
                if self._database is None and not (self.folder / "records.db").is_file():
                    return None
                with self._open() as database:
                    return database.execute(query, (value,)).fetchone()
        except (OSError, sqlite3.Error) as error:
            self.trouble = str(error)
            return None

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            database = open_private(self.folder / "records.db", seconds=_PATIENCE)
            try:
                database.executescript(_SCHEMA)
            except sqlite3.Error:
                database.close()
                raise
            self._database = database
        return self._database

    def _write_blob(self, text: str) -> str:
        data = text.encode()
        name = hashlib.sha256(data).hexdigest()
        place = self.folder / name[:2] / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, place)
        return name

    def _read_blob(self, name: str) -> str:
        data = (self.folder / name[:2] / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != name:
            raise ValueError(f"{name} does not hold what its name says")
        return data.decode()


def _notes(text: str) -> tuple[Log | Metric | Exchange, ...]:
    found: list[Log | Metric | Exchange] = []
    for note in json.loads(text):
        kind = note.pop("type")
        found.append(_NOTES[kind](**note))
    return tuple(found)


def _written(notes: Sequence[Log | Metric | Exchange]) -> list[str]:
    """The notes as JSON, without model calls of a size that is a picture's."""
    texts = [(note, json.dumps(codec.event_json(note))) for note in notes]
    return [text for note, text in texts if len(text) <= LARGEST_CALL or not isinstance(note, Exchange)]
