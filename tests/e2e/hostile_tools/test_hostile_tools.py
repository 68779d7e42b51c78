"""Whatever a tool does costs its own run: the next one works within two seconds, and nothing of it is left behind.

All tools run five times with FLOWLOOM_SOAK=1, else once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from flowloom.flows.engine.events import Event, RunFinished
from flowloom.flows.worker.delivery import RunHandle
from flowloom.flows.worker.protocol import Limits, RunRequest
from flowloom.flows.worker.supervisor import Supervisor
from tests.e2e.hostile_tools import hazards_code, hazards_system

SOAK = os.environ.get("FLOWLOOM_SOAK") == "1"
HAZARDS = {**hazards_code.HAZARDS, **hazards_system.HAZARDS}
LIMITS = Limits(memory=900 << 20)
NEXT_WITHIN = 2.0
QUIET_WITHIN = 2.0

PRELUDE = """\
from promptflow.core import tool
import os, sys, time
HERE = os.path.dirname(os.path.abspath(__file__))
def reached():
    os.close(os.open(os.path.join(HERE, 'marker'), os.O_CREAT | os.O_WRONLY))
def note(pid):
    with open(os.path.join(HERE, 'pids'), 'a') as file:
        file.write(f'{pid}\\n')
"""
FLOW = """\
outputs:
  out: {type: string, reference: '${hostile.output}'}
nodes:
- {name: hostile, type: python, source: {type: code, path: hostile.py}, inputs: {}}
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the hazards are those of POSIX systems")


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path_factory.mktemp("root"), limits=LIMITS)
    made.start()
    yield made
    made.close()


def with_tool(source: str) -> str:
    """The source with its function ``hostile`` as the tool, or with a harmless one where the harm is in importing it."""
    if "def hostile" not in source:
        return source + "@tool\ndef hostile():\n    return 1\n"
    start = "async def hostile" if "async def hostile" in source else "def hostile"
    return source.replace(start, f"@tool\n{start}")


def write(root: Path, source: str) -> Path:
    root.mkdir()
    (root / "hostile.py").write_text(PRELUDE + with_tool(source))
    (root / "flow.dag.yaml").write_text(FLOW)
    return root


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("harmless") / "flow", "def hostile():\n    return 'fine'\n")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def until(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.005)


def run_hostile(supervisor: Supervisor, root: Path, ends: str) -> tuple[RunFinished, list[Event]]:
    """Run the tool, stop it where nothing else ends it, and see that its end is one and is heard of."""
    events: list[Event] = []

    def take(batch: Sequence[Event]) -> None:
        events.extend(batch)

    handle = supervisor.run(RunRequest(root=str(root)), take)
    until(lambda: (root / "marker").exists() or handle.done.done(), 10, "the hazard was not reached")
    if ends == "stopped" or (ends == "ended" and not ends_by_itself(handle)):
        asked = time.monotonic()
        handle.cancel()
        finished = handle.done.result(10)
        assert time.monotonic() - asked < QUIET_WITHIN + 0.2
    else:
        finished = handle.done.result(20)
    assert (root / "marker").exists(), f"the hazard was not reached: {finished.error}"
    ends_seen = [event for event in events if isinstance(event, RunFinished)]
    assert ends_seen == [finished]
    assert events[-1] is finished
    return finished, events


def ends_by_itself(handle: RunHandle) -> bool:
    """Whether a run that may end or hang ends soon."""
    try:
        handle.done.result(1.5)
    except TimeoutError:
        return False
    return True


def assert_gone(root: Path) -> None:
    pids = [int(line) for line in (root / "pids").read_text().split()] if (root / "pids").exists() else []
    until(lambda: not any(map(is_alive, pids)), 2.0, f"left behind: {[pid for pid in pids if is_alive(pid)]}")


def assert_as_expected(finished: RunFinished, ends: str) -> None:
    kind = finished.error.kind if finished.error is not None else ""
    if ends == "lost":
        assert (finished.status, kind) == ("failed", "worker_lost")
        assert str(finished.error).startswith("The part that runs flows stopped (")
        assert finished.error is not None
        assert finished.error.node in ("hostile", None)
    elif ends == "failed":
        assert finished.status == "failed"
        assert kind != "worker_lost"
    elif ends == "stopped":
        assert finished.status == "cancelled"
    elif ends == "completed":
        assert finished.status == "completed", finished.error


@pytest.mark.parametrize("turn", range(5 if SOAK else 1))
@pytest.mark.parametrize("name", HAZARDS)
def test_a_hostile_tool_costs_its_own_run(name: str, turn: int, supervisor: Supervisor, harmless: Path, tmp_path: Path) -> None:
    ends, source = HAZARDS[name]
    root = write(tmp_path / "flow", source)
    finished, _ = run_hostile(supervisor, root, ends)
    assert_as_expected(finished, ends)
    ended = time.monotonic()
    after = supervisor.run(RunRequest(root=str(harmless)), lambda batch: None).done.result(10)
    seconds = time.monotonic() - ended
    assert (after.status, dict(after.outputs)) == ("completed", {"out": "fine"}), after.error
    assert seconds < NEXT_WITHIN, f"the next run took {seconds:.2f} s"
    assert_gone(root)
    mine = root / "mine"
    assert not mine.exists() or mine.read_bytes() in (b"", b"1"), "nothing of ours was written into a tool's file"


def test_forty_hazards_and_more_are_known() -> None:
    assert len(HAZARDS) >= 40
    assert all(ends in ("lost", "failed", "completed", "stopped", "ended") and "reached()" in source for ends, source in HAZARDS.values())
