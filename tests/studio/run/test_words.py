"""A run and its nodes in a few words."""

from __future__ import annotations

import pytest

from flowloom.flows.document.layout import Place
from flowloom.flows.engine.events import (
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import ToolError
from flowloom.flows.model.edits import SetPlaces
from flowloom.flows.worker.protocol import Confinement
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.run_view import RunView
from flowloom.studio.run.words import bounds_words, length, node_words, run_words, title_of, usage_words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 ms"), (0.0007, "1 ms"), (0.012, "12 ms"), (0.84, "0.8 s"), (59.0, "59.0 s"), (125.0, "2 min 5 s")]
)
def test_lengths(seconds: float, words: str) -> None:
    assert length(seconds) == words


def test_usage_says_tokens_and_a_price_where_there_is_one() -> None:
    assert usage_words(Usage(412, 46, 458, 1, 0.0)) == "412 + 46 tokens"
    assert usage_words(Usage(1412, 46, 1458, 1, 0.02)) == "1,412 + 46 tokens · $0.02"
    assert usage_words(None) == ""


def test_people_see_titles_not_names(document: FlowDocument) -> None:
    document.apply(SetPlaces({"answer": Place(0, 0, "Answer kindly")}))
    assert (title_of(document, "answer"), title_of(document, "prepare"), title_of(document, "answer/search")) == ("Answer kindly", "prepare", "search")


def test_each_state_has_its_words(document: FlowDocument) -> None:
    view = RunView()
    view.feed([RunStarted("r", "f", ("prepare", "answer"), 1.0)])
    view.waits = {"answer": ("prepare",)}

    def words(name: str) -> str:
        return node_words(view, view.nodes[name], document)

    assert words("answer") == "waits for prepare"
    view.feed([NodeStarted("prepare", 1.0)])
    assert words("prepare").endswith("· running")
    view.feed([NodeDelta("prepare", "ab")])
    assert words("prepare").endswith("· streaming")
    view.feed([NodeFinished("prepare", "ab", 0.012)])
    assert words("prepare") == "12 ms"
    view.nodes["prepare"].why = "its text or code changed"
    assert words("prepare") == "12 ms"
    view.feed([NodeFinished("answer", "x", 0.0, cached=True)])
    view.nodes["answer"].why = "nothing upstream changed"
    assert words("answer") == "from cache: nothing upstream changed"
    assert words("prepare") == "12 ms · ran because its text or code changed"
    view.feed([NodeSkipped("answer", "activate", "not wanted")])
    assert words("answer") == "skipped: not wanted"
    view.feed([NodeFailed("answer", ToolError("It broke."), 0.1)])
    assert words("answer") == "It broke."


def test_the_run_in_one_line() -> None:
    view = RunView()
    view.feed([RunStarted("r", "f", ("a",), 1.0), NodeStarted("a", 1.0), NodeFinished("a", 1, 0.5, Usage(10, 5, 15, 1, 0.0))])
    view.feed([RunFinished("r", "completed", {}, None, 0.8)])
    assert run_words(view, 14) == "Run 14 · 0.8 s · 15 tokens · free"
    view.status = "failed"
    assert run_words(view, 2) == "Run 2 · failed · 0.8 s · 15 tokens · free"


def test_a_past_run_that_was_broken_off_has_no_length() -> None:
    view = RunView("r", live=False)
    view.status, view.started = "crashed", 1.0
    assert run_words(view).endswith(" · broken off")


def test_what_bounds_the_worker_is_said_as_it_is() -> None:
    assert bounds_words(None) == ""
    free = bounds_words(Confinement())
    assert "Memory: not limited" in free
    assert "Processes: not limited" in free
    assert "not confined" in free
    bound = bounds_words(Confinement(memory=2_000_000_000, processes=64))
    assert "Memory: at most 2,000 MB" in bound
    assert "Processes: at most 64" in bound
    assert "not confined" in bound
