"""Workers and their flows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.flows.engine.events import Event, RunFinished
from flowloom.flows.worker.protocol import RunRequest, WorkerState
from flowloom.flows.worker.supervisor import Supervisor


class Watched(Supervisor):
    """A supervisor whose states are kept."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.states: list[WorkerState] = []
        super().__init__(*arguments, on_state=self.states.append, **options)  # type: ignore[arg-type]

    def do(self, root: Path, **request: object) -> tuple[RunFinished, list[Event]]:
        """Run to the end: the last event, and all of them."""
        events: list[Event] = []
        finished = self.run(RunRequest(root=str(root), **request), events.extend).done.result(30)  # type: ignore[arg-type]
        return finished, events


@pytest.fixture
def supervise() -> Iterator[Callable[..., Watched]]:
    """Make supervisors that are closed after the test."""
    made: list[Watched] = []

    def make(*arguments: object, **options: object) -> Watched:
        made.append(Watched(*arguments, **options))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.close()


@pytest.fixture
def worker(supervise: Callable[..., Watched], tmp_path: Path) -> Watched:
    return supervise(tmp_path)


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for a condition, and fail where it never holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.005)


@pytest.fixture
def wait() -> Callable[..., None]:
    return until
