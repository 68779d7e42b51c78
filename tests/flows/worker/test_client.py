"""One process: started, heard, ended with all it started."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.engine.events import Event, Log, RunFinished
from flowloom.flows.worker.client import WorkerProcess
from flowloom.flows.worker.delivery import Delivery
from flowloom.flows.worker.protocol import USUAL, RunRequest


class Heard:
    def __init__(self, spool: Path) -> None:
        self.news: list[tuple[str, Any]] = []
        self.worker = WorkerProcess(spool, USUAL, lambda worker, what, news: self.news.append((what, news)))

    def said(self, kind: str) -> list[Any]:
        return [news[kind] for what, news in self.news if what == "message" and kind in news]

    @property
    def exit(self) -> Any:
        return next((code for what, code in self.news if what == "exit"), "alive")

    def run(self, root: Path, batches: list[list[Event]]) -> Delivery:
        delivery = Delivery(RunRequest(root=str(root), run_id="r"), lambda batch: batches.append(list(batch)), lambda: None)
        self.worker.delivery = delivery
        self.worker.send({"run": delivery.request.as_json()})
        return delivery


@pytest.fixture
def heard(tmp_path: Path, wait: Callable[..., None]) -> Iterator[Heard]:
    spool = tmp_path / "spool"
    spool.mkdir()
    made = Heard(spool)
    wait(lambda: made.said("hello"), 20)
    yield made
    made.worker.kill("the test is over")
    wait(lambda: made.exit != "alive")
    assert not [thread for thread in threading.enumerate() if thread.name == "flowloom-worker"]


def test_it_is_heard_and_ends_with_a_code(heard: Heard, wait: Callable[..., None]) -> None:
    heard.worker.send({"ask": 1, "kind": "ping", "body": {}})
    wait(lambda: heard.said("reply"))
    assert heard.worker.pid
    os.kill(heard.worker.pid, 15)
    wait(lambda: heard.exit != "alive")
    assert heard.exit == -15
    assert heard.worker.why == ""


def test_much_is_handed_on_in_few_batches(heard: Heard, write_flow: Callable[..., Path], wait: Callable[..., None]) -> None:
    tools = {"say": "@tool\ndef say():\n    for n in range(5000): print(n)\n    time.sleep(0.5)\n    return 1"}
    batches: list[list[Event]] = []
    delivery = heard.run(write_flow({"a": "say"}, tools=tools, outputs={"o": "${a.output}"}), batches)
    seconds = delivery.handle.done.result(30).seconds
    logs = [event.text for batch in batches for event in batch if isinstance(event, Log)]
    assert logs == [str(number) for number in range(5000)]
    assert len(batches) <= 60 * seconds + 5
    wait(lambda: ("finished", delivery) in heard.news)


def test_events_of_other_runs_are_let_be(heard: Heard, write_flow: Callable[..., Path], wait: Callable[..., None]) -> None:
    root = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
    batches: list[list[Event]] = []
    delivery = Delivery(RunRequest(root=str(root), run_id="another"), lambda batch: batches.append(list(batch)), lambda: None)
    heard.worker.delivery = delivery
    heard.worker.send({"run": RunRequest(root=str(root), run_id="r").as_json()})
    wait(lambda: heard.said("ended"))
    assert batches == []


@pytest.mark.parametrize("rubbish", ["{}}", '{"r": "r", "e": {"type": "log"}}', '{"r": "r", "e": []}'])
def test_a_worker_that_speaks_rubbish_is_ended(heard: Heard, rubbish: str, write_flow: Callable[..., Path], wait: Callable[..., None]) -> None:
    tools = {"say": f"@tool\ndef say():\n    from flowloom.flows.worker.outbox import Outbox\n    import gc\n    [o.send({rubbish!r}) for o in gc.get_objects() if isinstance(o, Outbox)]\n    time.sleep(60)"}
    heard.run(write_flow({"a": "say"}, tools=tools, outputs={"o": "${a.output}"}), [])
    wait(lambda: heard.exit != "alive")
    assert heard.worker.why.startswith("it sent something unreadable")


def test_a_listener_that_fails_is_reported_and_costs_the_worker(heard: Heard, write_flow: Callable[..., Path], wait: Callable[..., None]) -> None:
    caught: list[str] = []
    before = threading.excepthook
    threading.excepthook = lambda arguments: caught.append(str(arguments.exc_value))

    def fails(batch: object) -> None:
        raise RuntimeError("the listener's own fault")

    try:
        heard.worker.delivery = Delivery(RunRequest(root="/x", run_id="r"), fails, lambda: None)
        root = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
        heard.worker.send({"run": RunRequest(root=str(root), run_id="r").as_json()})
        wait(lambda: heard.exit != "alive")
    finally:
        threading.excepthook = before
    assert caught == ["the listener's own fault"]
    assert not any(isinstance(news, RunFinished) for _, news in heard.news)


def test_one_that_is_ended_before_it_is_there_does_not_live_on(tmp_path: Path, wait: Callable[..., None]) -> None:
    heard = Heard.__new__(Heard)
    heard.news = []
    heard.worker = WorkerProcess(tmp_path, USUAL, lambda worker, what, news: heard.news.append((what, news)))
    heard.worker.kill("the studio closes")
    wait(lambda: heard.exit != "alive", 20)
    assert not heard.said("hello")
    assert heard.worker.why == "the studio closes"
