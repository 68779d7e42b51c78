"""What an edit costs on a flow of 1,000 nodes, from the decision to the canvas that shows it: text, model, ports and cards.

``document.edit_1000_ms``  95th percentile of edits of every kind: renaming, wiring, values, moving, typing, adding, deleting, undoing
``document.open_1000_s``   seconds from the folder to the document, trust and the watch over its folder with it
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.canvas import wires, write_flow
from tests.bench.harness import ROOT, Figures

SIZE = 1000


def measure() -> Figures:
    with tempfile.TemporaryDirectory() as place:
        folder = write_flow(Path(place) / "flow", SIZE, wires(SIZE))
        command = [sys.executable, "-m", "tests.bench._document_ours", str(folder), str(Path(place) / "state")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        found = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "document.edit_1000_ms": {"value": found["edit_ms"], "unit": "ms"},
        "document.open_1000_s": {"value": found["open_s"], "unit": "s"},
    }
