"""A run that is stopped at any instant ends as one event and is quiet within two seconds, and nothing it started is left.

500 random instants with FLOWLOOM_SOAK=1, else 40. Each is counted under the phase it fell into; none may be rare.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from flowloom.flows.engine.events import Event, NodeDelta, NodeStarted, RunFinished, RunStarted
from flowloom.flows.worker.protocol import RunRequest
from flowloom.flows.worker.supervisor import Supervisor

SOAK = os.environ.get("FLOWLOOM_SOAK") == "1"
CANCELS = 500 if SOAK else 40
WITHIN = 2.0
PHASES = ("starting", "importing", "sleeping", "computing", "awaiting", "streaming")

NODES = {
    "sleeping": "def sleeping():\n    touch('sleeping')\n    time.sleep(0.15)\n    return 1\n",
    "computing": "def computing(x):\n    touch('computing')\n    end = time.monotonic() + 0.15\n    while time.monotonic() < end:\n        sum(range(1000))\n    return 2\n",
    "awaiting": "async def awaiting(x):\n    touch('awaiting')\n    import asyncio, subprocess\n    child = subprocess.Popen(['sleep', '600'])\n    note(child.pid)\n"
    "    try:\n        await asyncio.sleep(0.15)\n    finally:\n        child.kill()\n        child.wait()\n    return 4\n",
    "streaming": "def streaming(x):\n    touch('streaming')\n    for number in range(15):\n        time.sleep(0.01)\n        yield str(number)\n",
}
PRELUDE = """\
from promptflow.core import tool
import os, time
HERE = os.path.dirname(os.path.abspath(__file__))
def touch(name):
    open(os.path.join(HERE, 'at-' + name), 'w').close()
def note(pid):
    with open(os.path.join(HERE, 'pids'), 'a') as file:
        file.write(f'{pid}\\n')
"""


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path_factory.mktemp("root"))
    made.start()
    yield made
    made.close()


def write(root: Path) -> Path:
    root.mkdir()
    nodes, before = [], ""
    for name, source in NODES.items():
        start = "touch('importing')\ntime.sleep(0.1)\n" if name == "sleeping" else ""
        marked = source.replace("async def", "@tool\nasync def", 1) if source.startswith("async") else "@tool\n" + source
        (root / f"{name}.py").write_text(PRELUDE + start + marked)
        inputs = f"{{x: '${{{before}.output}}'}}" if before else "{}"
        nodes.append(f"- {{name: {name}, type: python, source: {{type: code, path: {name}.py}}, inputs: {inputs}}}\n")
        before = name
    (root / "flow.dag.yaml").write_text("outputs:\n  out: {type: string, reference: '${streaming.output}'}\nnodes:\n" + "".join(nodes))
    return root


def phase_of(root: Path) -> str:
    """How far a run has come, by what its code has touched."""
    reached = [phase for phase in PHASES[1:] if (root / f"at-{phase}").exists()]
    return reached[-1] if reached else "starting"


def test_a_run_is_stopped_at_any_instant(supervisor: Supervisor, tmp_path: Path, rng: random.Random) -> None:
    phases: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    for number in range(CANCELS):
        root = write(tmp_path / f"flow{number}")
        events: list[Event] = []

        def take(batch: Sequence[Event], events: list[Event] = events) -> None:
            events.extend(batch)

        # Which phase is left to the phases in turn, the instant within it to chance.
        wanted = PHASES[number % len(PHASES)]
        handle = supervisor.run(RunRequest(root=str(root)), take)
        deadline = time.monotonic() + 10
        while wanted != "starting" and phase_of(root) != wanted and not handle.done.done() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.004 if wanted == "starting" else 0.12))
        phase = phase_of(root) if not handle.done.done() else "over"
        asked = time.monotonic()
        handle.cancel()
        finished = handle.done.result(10)
        seconds = time.monotonic() - asked
        phases[phase] += 1
        slowest[phase] = max(seconds, slowest.get(phase, 0.0))
        assert seconds < WITHIN, f"stopped while {phase}: {seconds:.2f} s"
        assert [event for event in events if isinstance(event, RunFinished)] == [finished]
        assert events[-1] is finished
        assert finished.status in ("cancelled", "completed")
        assert_quiet(root)
    print("\n" + "\n".join(f"{phase:10} {phases[phase]:4} times, slowest {slowest.get(phase, 0):.2f} s" for phase in (*PHASES, "over")))
    assert all(phases[phase] >= CANCELS * 0.05 for phase in PHASES), phases
    after = supervisor.run(RunRequest(root=str(write(tmp_path / "after"))), lambda batch: None).done.result(10)
    assert after.status == "completed"


def assert_quiet(root: Path) -> None:
    """No process of the run is left, and nothing of it touches the folder any more."""
    pids = [int(line) for line in (root / "pids").read_text().split()] if (root / "pids").exists() else []
    deadline = time.monotonic() + 1
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, pids
        time.sleep(0.005)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_no_node_stays_at_work_when_a_run_is_stopped(supervisor: Supervisor, tmp_path: Path) -> None:
    root = write(tmp_path / "flow")
    (root / "computing.py").write_text(PRELUDE + "@tool\ndef computing(x):\n    touch('computing')\n    while True:\n        pass\n")
    events: list[Event] = []
    handle = supervisor.run(RunRequest(root=str(root)), events.extend)
    deadline = time.monotonic() + 10
    while not (root / "at-computing").exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    handle.cancel()
    handle.done.result(10)
    started = [event.node for event in events if isinstance(event, NodeStarted)]
    ended = [event.node for event in events if event.type in ("node_finished", "node_cancelled", "node_failed")]
    assert started == ["sleeping", "computing"]
    assert sorted(ended) == sorted(started)


def test_a_run_stopped_before_its_turn_never_begins(supervisor: Supervisor, tmp_path: Path) -> None:
    first, second = write(tmp_path / "first"), write(tmp_path / "second")
    events: list[Event] = []
    running = supervisor.run(RunRequest(root=str(first)), lambda batch: None)
    waiting = supervisor.run(RunRequest(root=str(second)), events.extend)
    waiting.cancel()
    assert waiting.done.result(2).status == "cancelled"
    assert [type(event) for event in events] == [RunStarted, RunFinished]
    assert running.done.result(10).status == "completed"
    assert phase_of(second) == "starting"
    assert not any(isinstance(event, NodeDelta) for event in events)
