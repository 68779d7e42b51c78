"""What a run leaves on a card, as data."""

from __future__ import annotations

import pytest

from flowloom.flows.engine.events import NodeDelta, NodeFailed, NodeFinished, NodeSkipped, NodeStarted, Usage
from flowloom.flows.errors import UsageError
from flowloom.studio.canvas.run_marks import NONE, Row, marks_of, price, seconds
from flowloom.studio.run.run_view import RunView


def _marks(*events: object):  # type: ignore[no-untyped-def]
    run = RunView("r")
    run.feed(events)  # pyright: ignore[reportArgumentType]
    return marks_of(run.nodes.get("n"))


def _finished(output: object, **more: object):  # type: ignore[no-untyped-def]
    return _marks(NodeFinished("n", output, 0.8, **more))  # pyright: ignore[reportArgumentType]


def test_no_run_leaves_nothing() -> None:
    assert marks_of(None) is NONE


def test_text_streams_and_then_is_whole() -> None:
    streaming = _marks(NodeStarted("n", 0.0), NodeDelta("n", "Gifts "), NodeDelta("n", "can"))
    assert (streaming.state, streaming.text, streaming.streaming, streaming.badges) == ("running", "Gifts can", True, ())
    whole = _finished("Gifts can be returned.", usage=Usage(412, 46, 458, 1, 0.0012))
    assert whole.text == "Gifts can be returned."
    assert whole.badges == ("0.8 s", "412 + 46 tokens", "$0.0012")


def test_the_beginning_of_what_streams_stays_put() -> None:
    """Lines must not break anew with every token of a long text."""
    run = RunView("r")
    run.feed([NodeStarted("n", 0.0), NodeDelta("n", "word " * 400)])
    first = marks_of(run.nodes["n"]).text
    run.feed([NodeDelta("n", "more ")])
    second = marks_of(run.nodes["n"]).text
    assert second.startswith(first)


def test_lists_and_objects_are_rows() -> None:
    found = _finished([{"score": 0.912, "title": "Returns"}, {"score": 0.5, "text": "Gifts\nand more"}, {"other": 1}, 5, 6])
    assert found.rows == (Row("0.91", "Returns"), Row("0.50", "Gifts and more"), Row("3", '{"other": 1}'), Row("4", "5"))
    assert "5 items" in found.badges
    assert _finished({"sentiment": "good", "sure": True, "parts": [1, 2]}).rows == (
        Row("sentiment", "good"), Row("sure", "yes"), Row("parts", "[1, 2]")
    )  # fmt: skip


@pytest.mark.parametrize("wrap", [lambda image: image, lambda image: [image]])
def test_a_picture_is_known_by_its_form(wrap) -> None:  # type: ignore[no-untyped-def]
    assert _finished(wrap({"data:image/png;base64": "QUJD"})).image == "QUJD"
    assert _finished({"data:image/png;path": "/etc/passwd"}).image == ""


def test_a_large_value_is_looked_at_only_at_its_beginning() -> None:
    found = _finished({"rows": [{"deep": "x" * 100_000}] * 10_000, "text": "y" * 1_000_000})
    assert all(len(row.text) <= 80 for row in found.rows)
    assert len(_finished("z" * 1_000_000).text) <= 600


def test_cached_bypassed_and_failed() -> None:
    cached = _finished("x", cached=True)
    assert (cached.cached, cached.badges) == (True, ("from cache",))
    assert _marks(NodeSkipped("n", "activate", "not asked for")).badges == ("skipped",)
    failed = _marks(NodeFailed("n", UsageError("It broke.\nDetails follow."), 0.2))
    assert (failed.state, failed.error) == ("failed", "It broke.")
    retried = _marks(NodeFailed("n", UsageError("It broke."), 0.2, will_retry=True), NodeStarted("n", 0.0, 2))
    assert (retried.state, retried.error) == ("running", "")
    assert "try 2" in retried.badges


def test_lengths_of_time_and_prices() -> None:
    assert [seconds(value) for value in (0, 0.0004, 0.012, 0.0996, 0.84, 12.4, 125)] == [
        "0 ms", "1 ms", "12 ms", "0.1 s", "0.8 s", "12 s", "2 min 5 s"
    ]  # fmt: skip
    assert [price(value) for value in (0.00001, 0.0012, 1.2)] == ["< $0.0001", "$0.0012", "$1.20"]
