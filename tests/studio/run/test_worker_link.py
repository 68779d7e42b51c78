"""What happens on the worker's threads arrives in the window's, in order, with one awakening for much news."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.engine.events import Event, NodeDelta, RunFinished, RunStarted
from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker.protocol import RunRequest
from flowloom.studio.run.worker_link import WorkerLink

Wait = Callable[..., None]

STREAMS = """\
from promptflow.core import tool


@tool
def words(times: int):
    for number in range(times):
        yield f"{number} "
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "flow"
    root.mkdir()
    (root / "words.py").write_text(STREAMS)
    (root / "flow.dag.yaml").write_text(
        "inputs:\n  times: {type: int, default: 3000}\n"
        "outputs:\n  text: {type: string, reference: '${words.output}'}\n"
        "nodes:\n- {name: words, type: python, source: {type: code, path: words.py}, inputs: {times: '${inputs.times}'}}\n"
    )
    return root


@pytest.fixture
def link(application: object, folder: Path) -> Iterator[WorkerLink]:
    made = WorkerLink(str(folder))
    yield made
    made.close()
    made.deleteLater()


def test_events_arrive_in_order_in_the_windows_thread(link: WorkerLink, folder: Path, wait: Wait) -> None:
    batches: list[list[Event]] = []
    threads: set[int] = set()

    def take(events: list[Event]) -> None:
        batches.append(events)
        threads.add(threading.get_ident())

    link.events.connect(take)
    handle = link.run(RunRequest(root=str(folder)))
    wait(lambda: batches and isinstance(batches[-1][-1], RunFinished), 10)
    events = [event for batch in batches for event in batch]
    assert isinstance(events[0], RunStarted)
    assert events[0].run_id == handle.run_id == handle.done.result(0).run_id
    text = "".join(event.chunk for event in events if isinstance(event, NodeDelta))
    assert text == "".join(f"{number} " for number in range(3000))
    assert threads == {threading.get_ident()}
    assert len(batches) < 60


def test_states_are_told_and_a_listener_keeps_its_run_to_itself(link: WorkerLink, folder: Path, wait: Wait) -> None:
    states: list[str] = []
    others: list[Any] = []
    own: list[Event] = []
    link.state_changed.connect(states.append)
    link.events.connect(others.append)
    link.run(RunRequest(root=str(folder), inputs={"times": 2}), own.extend)
    wait(lambda: own and isinstance(own[-1], RunFinished) and states[-1] == "ready", 10)
    assert states == ["starting", "ready", "busy", "ready"]
    assert others == []


def test_answers_and_refusals_arrive(link: WorkerLink, folder: Path, wait: Wait) -> None:
    answers: list[tuple[Any, FlowloomError | None]] = []
    link.ask("plan", RunRequest(root=str(folder)), lambda answer, error: answers.append((answer, error)))
    link.ask("plan", RunRequest(root=str(folder), node="nobody"), lambda answer, error: answers.append((answer, error)))
    wait(lambda: len(answers) == 2, 10)
    assert [step["name"] for step in answers[0][0]["steps"]] == ["words"]
    assert answers[0][1] is None
    assert answers[1][0] is None
    assert "nobody" in str(answers[1][1])


def test_nothing_of_a_folder_that_is_not_trusted_is_run(link: WorkerLink, folder: Path, wait: Wait) -> None:
    link.trusted = False
    own: list[Event] = []
    link.run(RunRequest(root=str(folder)), own.extend)
    wait(lambda: own)
    assert isinstance(own[-1], RunFinished)
    assert own[-1].error is not None
    assert own[-1].error.kind == "untrusted"
    assert link.confinement is None, "no worker was started for it"
