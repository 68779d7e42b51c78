"""A listener gets every event once and in order, and exactly one end."""

from __future__ import annotations

import threading
import time

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine.events import (
    Event,
    Log,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    RunFinished,
    RunStarted,
)
from flowloom.flows.worker import words
from flowloom.flows.worker.delivery import MOST_LOG, Delivery, secrets_of
from flowloom.flows.worker.protocol import RunRequest


class Heard:
    def __init__(self, redactor: Redactor | None = None) -> None:
        self.batches: list[list[Event]] = []
        self.delivery = Delivery(RunRequest(root="/x", run_id="r"), lambda batch: self.batches.append(list(batch)), lambda: None, redactor)

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch]


START = RunStarted("r", "flow", ("a",), 1.0)
END = RunFinished("r", "completed", {}, None, 1.0)


def test_nothing_comes_after_the_end() -> None:
    heard = Heard()
    heard.delivery.deliver([START, END, Log(None, "late")])
    heard.delivery.deliver([Log(None, "later")])
    heard.delivery.log("latest\n")
    heard.delivery.fail(words.lost("it ended itself"))
    heard.delivery.stop()
    assert heard.events == [START, END]
    assert heard.delivery.handle.done.result(0) is END


def test_a_lost_worker_fails_the_node_that_was_at_work() -> None:
    heard = Heard()
    heard.delivery.deliver([START, NodeStarted("a", 1.0), NodeFinished("a", 1, 0.1), NodeStarted("b", time.time())])
    heard.delivery.fail(words.lost("it ended itself"))
    failed, ended = heard.events[-2:]
    assert isinstance(failed, NodeFailed)
    assert failed.node == "b"
    assert isinstance(ended, RunFinished)
    assert ended.error is not None
    assert (ended.status, ended.error.kind, ended.error.node) == ("failed", "worker_lost", "b")


def test_of_several_nodes_at_work_none_is_blamed() -> None:
    heard = Heard()
    heard.delivery.deliver([START, NodeStarted("a", 1.0), NodeStarted("b", 1.0)])
    heard.delivery.fail(words.lost("it ended itself"))
    assert [type(event) for event in heard.events[-3:]] == [NodeCancelled, NodeCancelled, RunFinished]
    assert heard.delivery.handle.done.result(0).error.node is None  # type: ignore[union-attr]


def test_a_run_that_never_began_has_a_beginning_and_an_end() -> None:
    heard = Heard()
    heard.delivery.stop()
    assert [type(event) for event in heard.events] == [RunStarted, RunFinished]
    assert heard.delivery.handle.done.result(0).status == "cancelled"


def test_pieces_side_by_side_become_one() -> None:
    heard = Heard()
    heard.delivery.deliver([START, *(NodeDelta("a", letter) for letter in "abc"), NodeDelta("b", "x"), NodeDelta("a", "d"), NodeDelta("a", {"n": 1})])
    assert heard.events[1:] == [NodeDelta("a", "abc"), NodeDelta("b", "x"), NodeDelta("a", "d"), NodeDelta("a", {"n": 1})]


def test_the_log_outside_of_nodes_is_masked_and_bounded() -> None:
    heard = Heard(Redactor("s3cret-value-1"))
    for piece in ("key s3cr", "et-value-1\n\nne", "xt\r\nlast wo", "rds"):
        heard.delivery.log(piece)
    assert [event.text for event in heard.events if isinstance(event, Log)] == ["key ***", "next"]
    for _ in range(30):
        heard.delivery.log("\n" + "x" * 100_000)
    heard.delivery.deliver([END])
    texts = [event.text for event in heard.events if isinstance(event, Log)]
    assert texts[2] == "last words"
    assert sum(map(len, texts)) < MOST_LOG + 200_000
    assert any("left out" in text for text in texts)
    assert not heard.delivery.wants_log


def test_what_was_written_without_an_end_of_line_comes_before_the_end() -> None:
    heard = Heard()
    heard.delivery.log("no end")
    heard.delivery.deliver([START, END])
    assert heard.events == [START, Log(None, "no end", "info", "stdout"), END]


def test_the_secrets_of_connections_are_known() -> None:
    connections = {"c": {"type": "open_ai", "api_key": "s3cret-value-1", "base_url": "https://a.example"}}
    assert secrets_of(connections) == {"s3cret-value-1"}
    assert secrets_of({}) == frozenset()


def test_one_listener_is_called_by_one_thread_at_a_time() -> None:
    inside: list[int] = []
    most: list[int] = []

    def listen(batch: object) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.001)
        inside.pop()

    delivery = Delivery(RunRequest(root="/x", run_id="r"), listen, lambda: None)
    threads = [threading.Thread(target=lambda: [delivery.deliver([Log(None, "x")]) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 80
    assert set(most) == {1}
