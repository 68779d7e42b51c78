"""How long a person waits for the smallest flow: the whole process, from the command to its answer.

``cli.cold_start_s``: ``flowloom run FOLDER --json`` of a prompt and a Python tool, in a folder written a moment ago, nothing kept from
earlier runs. The reference ``promptflow`` is ``pf flow test`` of promptflow 1.18.5 on a folder with the same files, with its telemetry
and tracing off. Both are the median of several runs that take turns, after one of each that is not counted.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests.bench.harness import BUILD, PROMPTFLOW, peer

HOME: Final = BUILD / "bench" / "home"
OURS: Final = 11
THEIRS: Final = 4

FLOW: Final = {
    "flow.dag.yaml": """inputs:
  name:
    type: string
    default: World
outputs:
  greeting:
    type: string
    reference: ${shout.output}
nodes:
- name: greet
  type: prompt
  source:
    type: code
    path: greet.jinja2
  inputs:
    name: ${inputs.name}
- name: shout
  type: python
  source:
    type: code
    path: shout.py
  inputs:
    text: ${greet.output}
""",
    "greet.jinja2": "Hello {{name}}!\n",
    "shout.py": "from promptflow.core import tool\n\n\n@tool\ndef shout(text: str) -> str:\n    return text.upper()\n",
}


def measure() -> dict[str, dict[str, Any]]:
    """``{"cli.cold_start_s": {"value", "unit", "references"}}``."""
    command = Path(sys.executable).parent / "flowloom"
    pf = peer("promptflow", *PROMPTFLOW) / "pf"
    environment = {**os.environ, "HOME": str(HOME), "PF_HOME_DIRECTORY": str(HOME)}
    HOME.mkdir(parents=True, exist_ok=True)
    for setting in ("telemetry.enabled=false", "trace.destination=none"):
        subprocess.run([pf, "config", "set", setting], env=environment, capture_output=True, check=False)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(OURS + 1):
        ours.append(_run_ours(command))
        if turn % 3 == 0 and len(theirs) <= THEIRS:
            theirs.append(_run_theirs(pf, environment))
    return {
        "cli.cold_start_s": {
            "value": statistics.median(ours[1:]),
            "unit": "s",
            "references": {"promptflow": statistics.median(theirs[1:])},
        }
    }


def _run_ours(command: Path) -> float:
    with _folder() as folder:
        seconds, out = _time([command, "run", folder, "--json"], dict(os.environ))
    answer = json.loads(out)
    assert answer["outputs"] == {"greeting": "HELLO WORLD!\n"}, answer
    return seconds


def _run_theirs(pf: Path, environment: dict[str, str]) -> float:
    with _folder() as folder:
        seconds, out = _time([pf, "flow", "test", "--flow", folder], environment)
    assert "HELLO WORLD!" in out, out
    return seconds


def _time(command: list[Any], environment: dict[str, str]) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, timeout=300)
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    return seconds, done.stdout


class _folder:
    """A freshly written flow folder, gone afterwards."""

    def __enter__(self) -> Path:
        self._path = Path(tempfile.mkdtemp(prefix="cold-"))
        for name, text in FLOW.items():
            (self._path / name).write_text(text, encoding="utf-8")
        return self._path

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)
