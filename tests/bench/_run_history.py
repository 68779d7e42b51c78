"""How long a person waits for the history of a flow with 10,000 runs.

``history.open_10000_s``: from asking for the records to the whole list of 10,000 runs in memory, as the studio's History and
``flowloom runs list`` read it, the file opened anew each time. The runs have five nodes, inputs of 300 characters and outputs of 600; one
in seven has failed. The median of several readings.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from flowloom.flows.runs.history import RunHistory
from flowloom.flows.runs.writer import open_database

RUNS: Final = 10_000
ROUNDS: Final = 5

_RUN: Final = """INSERT INTO runs (id, flow, status, started, seconds, inputs, outputs, error, writer, about, usage, tokens, price, what_ran)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_NODE: Final = "INSERT INTO nodes VALUES (?, ?, 'completed', 1, ?, 0.1, ?, NULL, ?, NULL, NULL, 0, NULL, NULL)"


def measure() -> dict[str, dict[str, Any]]:
    """``{"history.open_10000_s": {"value", "unit", "references"}}``."""
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        root = Path(folder)
        fill(root)
        seconds: list[float] = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            runs = RunHistory(root).list(limit=RUNS)
            seconds.append(time.perf_counter() - started)
            assert len(runs) == RUNS
            assert runs[0].started > runs[-1].started
    return {"history.open_10000_s": {"value": statistics.median(seconds), "unit": "s", "references": {}}}


def fill(root: Path, count: int = RUNS) -> None:
    """Write the records of so many runs into a folder."""
    usage = json.dumps({"prompt_tokens": 300, "completion_tokens": 112, "total_tokens": 412, "calls": 1, "price": 0.0012, "model": "m"})
    with closing(open_database(RunHistory(root).file)) as database:
        database.execute("BEGIN")
        for number in range(count):
            id = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
            question = f"Question {number}: " + "what is a flow? " * 18
            failed = number % 7 == 0
            error = json.dumps({"kind": "tool", "message": "It broke.", "node": "n4", "hint": "Mend it."}) if failed else None
            inputs, outputs = json.dumps({"question": question}), json.dumps({"answer": 2 * question})
            status = "failed" if failed else "completed"
            row = (id, "flow", status, 1.7e9 + number, 1.5, inputs, outputs, error, 1, question[:200], usage, 412, 0.0012, "w")
            database.execute(_RUN, row)
            database.executemany(_NODE, [(id, f"n{node}", 1.7e9 + number, json.dumps(question), id) for node in range(5)])
        database.execute("COMMIT")
