"""A worker is there when it is needed, one run at a time; one that dies is replaced, and its run ends all the same."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from flowloom.flows.engine.events import NodeFailed, RunFinished
from flowloom.flows.errors import Untrusted, WorkerLost
from flowloom.flows.worker.processes import is_stopped
from flowloom.flows.worker.protocol import RunRequest, WorkerState
from tests.flows.worker.conftest import Watched

STARTING, READY, BUSY, CRASHED, CLOSED = (
    WorkerState.STARTING,
    WorkerState.READY,
    WorkerState.BUSY,
    WorkerState.CRASHED,
    WorkerState.CLOSED,
)
WHO = {"who": "import os\n@tool\ndef who(): return os.getpid()"}


@pytest.fixture
def who(write_flow: Callable[..., Path]) -> Path:
    return write_flow({"a": "who"}, tools=WHO, outputs={"o": "${a.output}"})


def test_it_starts_in_the_background_and_closes_with_all_it_started(worker: Watched, who: Path, wait: Callable[..., None]) -> None:
    assert worker.confinement is None
    worker.start()
    wait(lambda: worker.state == READY)
    assert worker.confinement is not None
    pid = worker.do(who)[0].outputs["o"]
    worker.close()
    assert worker.state == CLOSED
    wait(lambda: not Path(f"/proc/{pid}").exists())
    wait(lambda: "flowloom-supervisor" not in [thread.name for thread in threading.enumerate()])
    late = worker.do(who)[0]
    assert late.status == "cancelled"
    with pytest.raises(CancelledError):
        worker.request("ping").result(5)


def test_runs_wait_for_their_turn(worker: Watched, who: Path) -> None:
    order: list[str] = []
    handles = [
        worker.run(RunRequest(root=str(who), run_id=str(number)), lambda batch: order.extend(e.run_id for e in batch if isinstance(e, RunFinished)))
        for number in range(5)
    ]
    pids = {handle.done.result(20).outputs["o"] for handle in handles}
    assert order == ["0", "1", "2", "3", "4"]
    assert len(pids) == 1


def test_a_worker_that_dies_idle_is_replaced_at_once(worker: Watched, who: Path, wait: Callable[..., None]) -> None:
    pid = worker.do(who)[0].outputs["o"]
    wait(lambda: worker.state == READY)
    os.kill(pid, signal.SIGKILL)
    wait(lambda: worker.states.count(STARTING) == 2 and worker.state == READY)
    assert worker.do(who)[0].outputs["o"] != pid


def test_a_worker_that_dies_at_work_fails_its_run_and_the_next_goes_on(worker: Watched, write_flow: Callable[..., Path], who: Path) -> None:
    root = write_flow({"a": "dies"}, tools={"dies": "import os\n@tool\ndef dies():\n    os._exit(9)"}, folder="dying", outputs={"o": "${a.output}"})
    events: list[object] = []
    dying = worker.run(RunRequest(root=str(root)), events.extend)
    waiting = worker.run(RunRequest(root=str(who)), lambda batch: None)
    finished = dying.done.result(20)
    assert isinstance(finished.error, WorkerLost)
    assert str(finished.error) == "The part that runs flows stopped (it ended itself with code 9). A new one is ready."
    failed = next(event for event in events if isinstance(event, NodeFailed))
    assert failed.node == finished.error.node == "a"
    assert waiting.done.result(20).status == "completed"


def test_questions_survive_a_worker_that_dies(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "dies"}, tools={"dies": "import os\n@tool\ndef dies():\n    os._exit(9)"}, outputs={"o": "${a.output}"})
    worker.run(RunRequest(root=str(root)), lambda batch: None)
    plan = worker.request("plan", RunRequest(root=str(root)))
    assert [step["name"] for step in plan.result(20)["steps"]] == ["a"]


def test_a_question_that_kills_every_worker_is_given_up(worker: Watched, write_flow: Callable[..., Path], who: Path) -> None:
    root = write_flow({"a": "dies"}, tools={"dies": "import os\nos._exit(9)\n@tool\ndef dies(): return 1"}, folder="dying", outputs={"o": "${a.output}"})
    with pytest.raises(WorkerLost):
        worker.request("warm", RunRequest(root=str(root))).result(30)
    assert worker.do(who)[0].status == "completed"


def test_what_cannot_be_started_says_so_and_is_tried_again(worker: Watched, who: Path, monkeypatch: pytest.MonkeyPatch, wait: Callable[..., None]) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    finished = worker.do(who)[0]
    assert isinstance(finished.error, WorkerLost)
    assert "cannot be started" in str(finished.error)
    wait(lambda: worker.state == CRASHED)
    monkeypatch.undo()
    assert worker.do(who)[0].status == "completed"


def test_a_fresh_worker_can_be_had_ahead_of_a_run(worker: Watched, who: Path, wait: Callable[..., None]) -> None:
    pid = worker.do(who)[0].outputs["o"]
    wait(lambda: worker.state == READY)
    worker.refresh()
    wait(lambda: worker.states.count(STARTING) == 2 and worker.state == READY)
    assert worker.do(who)[0].outputs["o"] != pid


def test_without_trust_nothing_is_sent(supervise: Callable[..., Watched], who: Path) -> None:
    supervisor = supervise(who, trusted=False)
    assert isinstance(supervisor.do(who)[0].error, Untrusted)
    assert isinstance(supervisor.request("plan", RunRequest(root=str(who))).exception(5), Untrusted)
    assert supervisor.states == []
    supervisor.trusted = True
    assert supervisor.do(who)[0].status == "completed"


def test_a_worker_that_is_asleep_is_replaced_before_the_run_it_never_heard_of(worker: Watched, who: Path, wait: Callable[..., None]) -> None:
    pid = worker.do(who)[0].outputs["o"]
    wait(lambda: worker.state == READY)
    os.kill(pid, signal.SIGSTOP)
    wait(lambda: is_stopped(pid))
    finished = worker.do(who)[0]
    assert finished.status == "completed", finished.error
    assert finished.outputs["o"] != pid


def test_nothing_is_left_of_a_worker_but_its_folder_before_the_end(worker: Watched, who: Path, wait: Callable[..., None]) -> None:
    pid = worker.do(who)[0].outputs["o"]
    groups = Path(f"/proc/{pid}/cgroup").read_text() if Path("/proc").is_dir() else ""
    found = [Path("/sys/fs/cgroup/pids") / line.split(":", 2)[2].strip("/") for line in groups.splitlines() if f"flowloom-{pid}" in line]
    spool = worker._spool
    assert spool is not None
    assert spool.is_dir()
    worker.close()
    wait(lambda: not spool.exists())
    assert not any(group.exists() for group in found)
