"""How long a person waits for a run that goes through a worker.

``worker.overhead_100_ms``: a chain of 100 Python nodes by a worker that is ready, from the request to the last event, less the same run in
the calling process; medians of runs that take turns. ``run.first_token_s``: from the request to the first word on a card, with a prompt of
100 tokens that the embedded model has not seen, the worker and the model being warm; ``run.first_token_1000_s`` the same with 1,000 tokens.
Modules ``_run_*`` beside this one add what they measure.
"""

from __future__ import annotations

import importlib
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flowloom.flows import load_flow
from flowloom.flows.engine.events import Event, NodeDelta
from flowloom.flows.worker.protocol import RunRequest
from flowloom.flows.worker.supervisor import Supervisor

NODES: Final = 100
TURNS: Final = 15
TOOL: Final = "from promptflow.core import tool\n\n\n@tool\ndef step(x: int) -> int:\n    return x + 1\n"
ASK: Final = """\
inputs:
  text: {type: string}
outputs:
  answer: {type: string, reference: '${answer.output}'}
nodes:
- name: answer
  type: llm
  source: {type: code, path: answer.jinja2}
  inputs: {text: '${inputs.text}', max_tokens: 8, temperature: 0}
  connection: local
  api: chat
"""
WORDS: Final = ["river", "stone", "window", "garden", "paper", "music", "winter", "orange", "silver", "ladder"]


def measure() -> dict[str, dict[str, Any]]:
    """The figures of this module and of those named ``_run_*``."""
    figures = {**_overhead(), **_first_token()}
    for path in sorted(Path(__file__).parent.glob("_run_*.py")):
        figures.update(importlib.import_module(f"tests.bench.{path.stem}").measure())
    return figures


def _overhead() -> dict[str, dict[str, Any]]:
    nodes = ["- {name: n0, type: python, source: {type: code, path: step.py}, inputs: {x: '${inputs.x}'}}\n"]
    for number in range(1, NODES):
        nodes.append(
            f"- {{name: n{number}, type: python, source: {{type: code, path: step.py}}, inputs: {{x: '${{n{number - 1}.output}}'}}}}\n"
        )
    flow = f"inputs:\n  x: {{type: int, default: 0}}\noutputs:\n  out: {{type: int, reference: '${{n{NODES - 1}.output}}'}}\nnodes:\n"
    with _folder({"flow.dag.yaml": flow + "".join(nodes), "step.py": TOOL}) as root, _worker(root) as worker, load_flow(root) as loaded:
        here: list[float] = []
        there: list[float] = []
        for _ in range(TURNS):
            started = time.perf_counter()
            assert loaded.run_result().outputs == {"out": NODES}
            here.append(time.perf_counter() - started)
            started = time.perf_counter()
            finished = worker.run(RunRequest(root=str(root)), _nobody).done.result(60)
            there.append(time.perf_counter() - started)
            assert dict(finished.outputs) == {"out": NODES}, finished.error
    own, through = statistics.median(here[1:]) * 1000, statistics.median(there[1:]) * 1000
    return {"worker.overhead_100_ms": {"value": through - own, "unit": "ms", "references": {"in process": own, "first run": there[0] * 1000}}}


def _first_token() -> dict[str, dict[str, Any]]:
    with _folder({"flow.dag.yaml": ASK, "answer.jinja2": "user:\n{{text}}\n"}) as root, _worker(root) as worker:
        began = time.perf_counter()
        worker.request("warm", RunRequest(root=str(root))).result(120)
        warm = time.perf_counter() - began
        hundred = statistics.median(_wait_for_word(worker, root, _prompt(turn, 100)) for turn in range(7))
        thousand = statistics.median(_wait_for_word(worker, root, _prompt(turn, 1000)) for turn in range(3))
    return {
        "run.first_token_s": {"value": hundred, "unit": "s", "references": {"making it warm": warm}},
        "run.first_token_1000_s": {"value": thousand, "unit": "s"},
    }


def _wait_for_word(worker: Supervisor, root: Path, prompt: str) -> float:
    """Seconds from the request to the first piece of the reply."""
    seen: list[float] = []

    def take(events: Sequence[Event]) -> None:
        if not seen and any(isinstance(event, NodeDelta) and event.chunk for event in events):
            seen.append(time.perf_counter())

    started = time.perf_counter()
    finished = worker.run(RunRequest(root=str(root), inputs={"text": prompt}), take).done.result(120)
    assert finished.status == "completed", finished.error
    return seen[0] - started


def _prompt(turn: int, tokens: int) -> str:
    """A prompt of about that many tokens whose beginning no other has; the model's own frame around it takes some 30."""
    words = [WORDS[(turn * 7 + number * 3) % len(WORDS)] for number in range(tokens - 40)]
    return f"{turn}. " + " ".join(words) + ".\nTell me a short story with some of these words."


def _nobody(events: Sequence[Event]) -> None:
    """Reads no events."""


@contextmanager
def _worker(root: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(root)
    try:
        supervisor.request("ping").result(60)
        yield supervisor
    finally:
        supervisor.close()


@contextmanager
def _folder(files: dict[str, str]) -> Iterator[Path]:
    """A freshly written flow folder, gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="run-"))
    try:
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)
