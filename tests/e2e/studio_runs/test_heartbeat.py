"""The window's heart beats on while a thousand cards are there, twenty stream, and a tool takes the worker down."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from flowloom.flows.model.edits import SetText
from flowloom.studio.run.runner import Ask

LONGEST = 0.1
"""Seconds that the window may be deaf for."""
STREAMS = 20
NODES = 1000

STREAM = '''
import time
from promptflow.core import tool

@tool
def stream(words: str, pause: float):
    for number in range(4000):
        time.sleep(pause)
        yield f"{words} {number} and on "
'''
WORK = '''
from promptflow.core import tool

@tool
def work(a: str) -> str:
    return a
'''
HAZARDS = {
    "segfault": "import ctypes\n    ctypes.string_at(0)",
    "print": "for _ in range(2000):\n        os.write(1, b'x' * 500_000)\n    os._exit(3)",
}
BOOM = '''
import os, pathlib, time
from promptflow.core import tool

@tool
def boom(after: float) -> str:
    time.sleep(after)
    pathlib.Path(__file__).with_name("reached").write_text("yes")
    {hazard}
    return "survived"
'''


def busy() -> bool:
    """Whether other programs keep this computer so busy that waiting says nothing about the window."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) + 1


def write_flow(root: Path, hazard: str) -> None:
    """``boom`` and the streams begin at once; all the others wait for ``boom``."""
    root.mkdir()
    (root / "stream.py").write_text(STREAM)
    (root / "work.py").write_text(WORK)
    (root / "boom.py").write_text(BOOM.format(hazard=HAZARDS[hazard]))
    lines = ["inputs: {}", "outputs:", "  out: {type: string, reference: '${boom.output}'}", "nodes:"]
    lines += ["- {name: boom, type: python, source: {type: code, path: boom.py}, inputs: {after: 2.0}}"]
    for number in range(STREAMS):
        lines.append(f"- {{name: s{number}, type: python, source: {{type: code, path: stream.py}}, inputs: {{words: w{number}, pause: 0.02}}}}")
        lines.append(f"- {{name: r{number}, type: python, source: {{type: code, path: work.py}}, inputs: {{a: '${{s{number}.output}}'}}}}")
    for number in range(NODES - 1 - 2 * STREAMS):
        source = "boom" if number < 30 else f"n{number - 30}"
        lines.append(f"- {{name: n{number}, type: python, source: {{type: code, path: work.py}}, inputs: {{a: '${{{source}.output}}'}}}}")
    (root / "flow.dag.yaml").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("hazard", HAZARDS)
def test_the_window_never_misses_a_beat(room: Any, tmp_path: Path, hazard: str) -> None:
    write_flow(tmp_path / "big", hazard)
    page = room.open(tmp_path / "big")
    runner = page.parts["runner"]
    room.workspace.parts["bottom"].show_tab("timeline")
    page.view.set_zoom(1.0)
    page.view.center_on("s0")
    room.wait(lambda: page.document.checker.settled and str(runner.link.state) == "ready", 60)
    runner.background.settle()
    room.heart.start()
    assert runner.run(Ask(inputs={}))
    room.wait(lambda: not runner.running, 60)
    room.heart.stop()
    assert (tmp_path / "big" / "reached").read_text() == "yes"
    view = runner.last
    streamed = sum(bool(view.nodes[f"s{number}"].text) for number in range(STREAMS))
    assert (view.status, streamed) == ("failed", STREAMS)
    assert view.error.kind == "worker_lost" or hazard == "print", view.error
    assert room.heart.beats > 20
    assert room.heart.longest_work < LONGEST
    if not busy():
        assert room.heart.longest < LONGEST
    # The next run works, in a fresh worker where the old one is gone.
    page.document.apply(SetText("boom.py", WORK.replace("work(a: str)", "boom(after: float)").replace("return a", "return 'fine'")))
    began = monotonic()
    assert runner.run(Ask(inputs={}, node="boom"))
    room.wait(lambda: not runner.running, 30)
    assert runner.last.nodes["boom"].output == "fine", runner.last.error
    assert monotonic() - began < (2.0 if not busy() else 20.0)
