"""The same tools while a thousand cards are shown and twenty stream: the window's heart never misses a beat.

All tools run five times with FLOWLOOM_SOAK=1, else a sample of them once.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")

from flowloom.flows.model.edits import SetText
from flowloom.studio.run.runner import Ask
from tests.e2e.hostile_tools.test_hostile_tools import HAZARDS, PRELUDE, assert_gone, with_tool
from tests.e2e.studio_runs.conftest import Room
from tests.e2e.studio_runs.conftest import application as application

SOAK = os.environ.get("FLOWLOOM_SOAK") == "1"
SAMPLE = 2
LONGEST = 0.1
NEXT_WITHIN = 2.0
NODES = 1000
STREAMS = 20

STREAM = """
import time
from promptflow.core import tool

@tool
def stream(words: str):
    for number in range(4000):
        time.sleep(0.02)
        yield f"{words} {number} and on "
"""
WAIT = "import time\nfrom promptflow.core import tool\n\n@tool\ndef wait():\n    time.sleep(1.0)\n"
WORK = "from promptflow.core import tool\n\n@tool\ndef work(a):\n    return a\n"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the hazards are those of POSIX systems")


def node(name: str, **inputs: str) -> str:
    given = ", ".join(f"{key}: '{value}'" for key, value in inputs.items())
    tool = name.rstrip("0123456789") if name[-1].isdigit() else name
    return f"- {{name: {name}, type: python, source: {{type: code, path: {tool}.py}}, inputs: {{{given}}}}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile") / "big"
    root.mkdir()
    nodes = [node("pause"), node("hostile").replace("inputs: {}", "inputs: {}, activate: {when: '${pause.output}', is: null}"), node("work0", a="fine")]
    nodes += [node(f"stream{number}", words=f"w{number}") for number in range(STREAMS)]
    nodes += [node(f"work{number}", a=f"${{{'hostile' if number < 30 else f'work{number - 29}'}.output}}") for number in range(1, NODES - len(nodes) + 1)]
    (root / "flow.dag.yaml").write_text("outputs:\n  out: {type: string, reference: '${hostile.output}'}\nnodes:\n" + "".join(nodes))
    for name, source in {"stream": STREAM, "pause": WAIT, "work": WORK, "hostile": WORK}.items():
        (root / f"{name}.py").write_text(source)
    return root


@pytest.fixture(scope="module")
def room(application: Any, folder: Path) -> Iterator[Room]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWLOOM_STATE", str(folder.parent / "state"))
        patch.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
        opened = Room(application, (1600, 1000))
        page = opened.open(folder)
        page.view.set_zoom(1.0)
        page.view.center_on("stream0")
        opened.wait(lambda: page.document.checker.settled, 60)
        yield opened
        opened.close()


def chosen() -> list[tuple[str, int]]:
    """Hazards and turns: all of them, or some by the seed of the tests."""
    if SOAK:
        return [(name, turn) for name in HAZARDS for turn in range(5)]
    seed = os.environ.get("FLOWLOOM_SEED") or random.SystemRandom().randrange(2**32)
    return [(name, 0) for name in random.Random(f"window {seed}").sample(sorted(HAZARDS), SAMPLE)]


@pytest.mark.parametrize("case", range(len(HAZARDS) * 5 if SOAK else SAMPLE))
def test_the_window_is_not_held_up(case: int, room: Room, folder: Path, cases: list[tuple[str, int]]) -> None:
    name, _ = cases[case]
    ends, source = HAZARDS[name]
    page = room.workspace.pages[0]
    runner = page.parts["runner"]
    for leftover in ("marker", "pids", "mine", "mapped"):
        (folder / leftover).unlink(missing_ok=True)
    page.document.apply(SetText("hostile.py", PRELUDE + with_tool(source)))
    room.wait(lambda: page.document.checker.settled and str(runner.link.state) == "ready", 60)
    runner.background.settle()
    room.heart.start()
    assert runner.run(Ask(inputs={}, reuse=False))
    room.wait(lambda: (folder / "marker").exists() or not runner.running, 60)
    streamed = sum(bool(runner.last.nodes[f"stream{number}"].text) for number in range(STREAMS))
    began = time.monotonic()
    while runner.running and time.monotonic() < began + (0.3 if ends == "stopped" else 4):
        room.wait(lambda: True)
        room.application.processEvents()
    # The streams go on by themselves: what the tool did not end, its user stops.
    runner.stop()
    asked = time.monotonic()
    room.wait(lambda: not runner.running, 20)
    quiet = time.monotonic() - asked
    room.heart.stop()
    print(f"{name}: {runner.last.status}, quiet after {quiet:.2f} s, {room.heart.beats} beats, longest {room.heart.longest * 1000:.0f} ms, at work {room.heart.longest_work * 1000:.0f} ms")
    assert (folder / "marker").exists(), f"the hazard of '{name}' was not reached: {runner.last.error}"
    assert quiet < 2.2 or busy()
    assert streamed == STREAMS or "import" in name
    assert room.heart.longest_work < LONGEST, name
    assert room.heart.longest < LONGEST or busy(), name
    began = time.monotonic()
    assert runner.run(Ask(inputs={}, node="work0", reuse=False))
    room.wait(lambda: not runner.running, 30)
    assert runner.last.nodes["work0"].output == "fine", runner.last.error
    assert time.monotonic() - began < NEXT_WITHIN or busy()
    assert_gone(folder)


@pytest.fixture(scope="module")
def cases() -> list[tuple[str, int]]:
    return chosen()


def busy() -> bool:
    """Whether other programs keep this computer so busy that waiting says nothing about the window."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) + 1
