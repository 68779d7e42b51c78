"""A run as a person sees it."""

from __future__ import annotations

from flowloom.flows.engine.events import (
    Exchange,
    Log,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import FlowloomError, ToolError
from flowloom.studio.run.run_view import RunView


def _begun() -> RunView:
    view = RunView()
    view.feed([RunStarted("r1", "flow", ("prepare", "answer"), 100.0)])
    return view


def test_nodes_wait_then_run_then_end_with_what_they_gave_and_cost() -> None:
    view = _begun()
    assert [node.status for node in view.nodes.values()] == ["waiting", "waiting"]
    usage = Usage(10, 5, 15, 1, 0.25, "m")
    assert view.feed([NodeStarted("answer", 101.0), NodeDelta("answer", "Hel"), NodeDelta("answer", "lo")]) == {"answer"}
    assert (view.nodes["answer"].status, view.nodes["answer"].shown) == ("running", "Hello")
    view.feed([NodeFinished("answer", "Hello!", 1.5, usage), RunFinished("r1", "completed", {"out": "Hello!"}, None, 2.0)])
    node = view.nodes["answer"]
    assert (node.status, node.shown, node.seconds, node.price, node.started) == ("completed", "Hello!", 1.5, 0.25, 101.0)
    assert (view.status, view.outputs, view.seconds, view.usage) == ("completed", {"out": "Hello!"}, 2.0, usage)


def test_an_output_taken_from_an_earlier_run_costs_nothing_again() -> None:
    view = _begun()
    view.feed([NodeFinished("answer", "x", 0.0, Usage(10, 5, 15, 1, 0.25), cached=True)])
    assert view.usage == Usage()


def test_a_retry_begins_the_text_anew_and_keeps_the_node_running() -> None:
    view = _begun()
    view.feed([NodeStarted("answer", 1.0), NodeDelta("answer", "half"), NodeFailed("answer", ToolError("No."), 1.0, will_retry=True)])
    assert view.nodes["answer"].status == "running"
    view.feed([NodeStarted("answer", 3.0, 2), NodeDelta("answer", "whole")])
    assert (view.nodes["answer"].text, view.nodes["answer"].attempt, view.nodes["answer"].started) == ("whole", 2, 1.0)


def test_the_failed_node_carries_the_sentence_and_what_to_do() -> None:
    view = _begun()
    error = ToolError("It broke.", hint="Mend it.", node="prepare")
    view.feed([NodeStarted("prepare", 1.0), NodeFailed("prepare", error, 0.1), RunFinished("r1", "failed", {}, error, 0.2)])
    assert view.failed is view.nodes["prepare"]
    fault = view.nodes["prepare"].error
    assert fault is not None
    assert (fault.kind, fault.message, fault.hint) == ("tool", "It broke.", "Mend it.")
    assert view.nodes["answer"].status == "waiting"


def test_a_worker_that_died_leaves_no_node_running() -> None:
    view = _begun()
    lost = FlowloomError("The part that runs flows stopped.", node="answer")
    changed = view.feed([NodeStarted("prepare", 1.0), NodeStarted("answer", 1.0), RunFinished("r1", "failed", {}, lost, 1.0)])
    assert (view.nodes["prepare"].status, view.nodes["answer"].status) == ("cancelled", "failed")
    assert changed == {"prepare", "answer"}


def test_bypassed_and_stopped_nodes_say_so() -> None:
    view = _begun()
    view.feed([NodeSkipped("prepare", "activate", "Not wanted."), NodeStarted("answer", 1.0), NodeCancelled("answer", 0.5)])
    assert (view.nodes["prepare"].status, view.nodes["prepare"].why) == ("bypassed", "Not wanted.")
    assert view.nodes["answer"].status == "cancelled"


def test_logs_and_model_calls_go_to_their_node() -> None:
    view = _begun()
    view.feed([Log("answer", "a line", stream="stdout"), Log(None, "of nobody"), Exchange("answer", {"q": 1}, {"a": 2}, 0.1)])
    assert [line.text for line in view.nodes["answer"].logs] == ["a line"]
    assert [line.text for line in view.logs] == ["of nobody"]
    assert view.nodes["answer"].exchanges == [({"q": 1}, {"a": 2})]


def test_the_tail_is_the_end_of_the_text_however_it_came() -> None:
    view = _begun()
    view.feed([NodeDelta("answer", piece) for piece in ("abc", "de", "f")])
    node = view.nodes["answer"]
    assert [node.tail(size) for size in (1, 2, 4, 99)] == ["f", "ef", "cdef", "abcdef"]
    assert node.text == "abcdef"


def test_a_node_waits_for_those_that_have_not_ended() -> None:
    view = _begun()
    view.waits = {"answer": ("prepare",)}
    assert view.waiting_for("answer") == ("prepare",)
    view.feed([NodeStarted("prepare", 1.0), NodeFinished("prepare", 1, 0.1)])
    assert view.waiting_for("answer") == ()
