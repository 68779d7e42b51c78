"""What the canvas costs: generated flows with 1.5 wires a node, at 2560x1440, drawn by software, without a screen.

``canvas.open_100_s``, ``canvas.open_1000_s``  seconds from the folder (the others: from the graph in memory) to the first frame
``canvas.frame_p95_1000_ms``  95th percentile of a frame of 1,000 nodes while the zoom goes from 10 to 150 % and back
``canvas.drag_200_ms``        95th percentile from a move of the mouse that drags 200 of 1,000 nodes to its frame, at 25, 50 and 100 %
``canvas.stream_20_ms``       95th percentile from tokens for 20 nodes that are seen at 100 %, of 1,000, to their frame
``studio.start_s``            seconds from nothing to the whole window, ready for use; NodeGraphQt has no window of its own

The references ``nodegraphqt`` and ``orange`` show the same graph at the same places, in Python environments of their own. They do not
arrange or check it, and have no page beside it.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from tests.bench.harness import ROOT, Figures, peer

WIRES: Final = 1.5
SPAN: Final = 12
"""A node takes its inputs from one of this many before it."""
DRAGGED: Final = 200
PEERS: Final = {
    "nodegraphqt": ("NodeGraphQt==0.6.44", "PySide6-Essentials==6.11.2"),
    "orange": ("orange-canvas-core==0.2.9", "PyQt6==6.11.0"),
}
SECONDS: Final = 600
STARTS: Final = 6
"""The first is not counted: the files are then in memory."""
UNITS: Final = {"open_100_s": "s", "open_1000_s": "s", "frame_p95_1000_ms": "ms", "drag_200_ms": "ms", "stream_20_ms": "ms"}

Edge = tuple[str, str, str]

PYTHON_TOOL: Final = "from promptflow.core import tool\n\n\n@tool\ndef work(a: str, b: str = '') -> str:\n    return a\n"
PROMPT: Final = "system:\nYou answer kindly.\n\nuser:\n{{a}} {{b}}\n"


def measure() -> Figures:
    with tempfile.TemporaryDirectory() as place:
        folders: dict[int, Path] = {}
        graphs: dict[str, dict[str, Any]] = {}
        for size in (10, 100, 1000):
            edges = wires(size)
            folders[size] = write_flow(Path(place) / str(size), size, edges)
            graphs[str(size)] = {"edges": edges}
        arranged = _answer([sys.executable, "-m", "tests.bench._canvas_ours", "places", *map(str, folders.values())])
        for size, folder in folders.items():
            graphs[str(size)].update(arranged[str(folder)])
        dragged = [f"n{number}" for number in range(400, 400 + DRAGGED)]
        graphs["1000"]["dragged"] = dragged
        file = Path(place) / "graphs.json"
        file.write_text(json.dumps(graphs), encoding="utf-8")
        asked = [str(folder) for folder in folders.values()]
        ours = _answer([sys.executable, "-m", "tests.bench._canvas_ours", "measure", *asked, json.dumps(dragged)])
        theirs = {
            name: _answer([str(peer(name, *wanted) / "python"), str(Path(__file__).with_name("_canvas_peers.py")), name, str(file)])
            for name, wanted in PEERS.items()
        }
    start = {
        "value": _start(sys.executable, "ours"), "unit": "s",
        "references": {"orange": _start(str(peer("orange", *PEERS["orange"]) / "python"), "orange")},
    }  # fmt: skip
    return {"studio.start_s": start} | {
        f"canvas.{name}": {
            "value": value,
            "unit": UNITS[name],
            "references": {other: figures[name] for other, figures in theirs.items() if name in figures},
        }
        for name, value in ours.items()
    }


def _start(python: str, name: str) -> float:
    """The median of the seconds until a program's window is ready."""
    times: list[float] = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as home:
            # Nothing that an earlier window left behind.
            environment = {**os.environ, "FLOWLOOM_STATE": f"{home}/state", "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home}
            command = [python, str(Path(__file__).with_name("_canvas_start.py")), name]
            started = perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=SECONDS)
            times.append(perf_counter() - started)
    return statistics.median(times[1:])


def wires(size: int) -> list[Edge]:
    """Edges of a graph without cycles, about 1.5 a node."""
    chance = random.Random(1)
    found: list[Edge] = []
    for number in range(1, size):
        ports = "ab" if chance.random() < WIRES - 1 else "a"
        found += [(f"n{chance.randrange(max(0, number - SPAN), number)}", f"n{number}", port) for port in ports]
    return found


def write_flow(folder: Path, size: int, edges: list[Edge]) -> Path:
    """A flow with these wires: every third node asks a model, the others are Python tools. No layout file."""
    taken = {(target, port): source for source, target, port in edges}
    lines = ["inputs:", "  question: {type: string, default: Why?}", "outputs:"]
    lines += [f"  answer: {{type: string, reference: '${{n{size - 1}.output}}'}}", "nodes:"]
    for number in range(size):
        name = f"n{number}"
        model = number % 3 == 0
        lines += [f"- name: {name}", f"  type: {'llm' if model else 'python'}"]
        lines += [f"  source: {{type: code, path: {'ask.jinja2' if model else 'work.py'}}}", "  inputs:"]
        lines += ["    deployment_name: SmolLM2"] if model else []
        first = f"${{{taken[name, 'a']}.output}}" if (name, "a") in taken else "${inputs.question}"
        second = f"${{{taken[name, 'b']}.output}}" if (name, "b") in taken else "kindly"
        lines += [f"    a: {first}", f"    b: {second}"]
        lines += ["  connection: local", "  api: chat"] if model else []
    folder.mkdir(parents=True)
    (folder / "flow.dag.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "work.py").write_text(PYTHON_TOOL, encoding="utf-8")
    (folder / "ask.jinja2").write_text(PROMPT, encoding="utf-8")
    return folder


def _answer(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise RuntimeError(f"{command[:3]} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
