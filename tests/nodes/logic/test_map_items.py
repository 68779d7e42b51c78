from __future__ import annotations

import pytest


@pytest.mark.parametrize("concurrency", [1, 2, 50])
def test_results_keep_the_order_of_the_items(outer, concurrency):
    flow = outer("loom.flow.map", items=[5, 1, 4], flow="inner", item_name="n", output_name="n", concurrency=concurrency)
    assert flow.run() == {"result": [15, 3, 12]}


def test_all_outputs_and_shared_inputs(outer):
    flow = outer("loom.flow.map", items=[1], flow="inner", item_name="n", by=7)
    assert flow.run() == {"result": [{"n": 7, "text": "it is 7"}]}
    assert outer("loom.flow.map", items=[], flow="inner", item_name="n").run() == {"result": []}


def test_an_item_that_fails_stops_is_kept_or_dropped(outer):
    options = {"items": [1, -2, 3], "flow": "inner", "item_name": "n", "output_name": "n"}
    stopped = outer("loom.flow.map", **options).run_result()
    assert "Item 2 of 3" in stopped.error.message
    assert "-2 is negative" in stopped.error.message
    first, kept, last = outer("loom.flow.map", **options, on_error="keep").run()["result"]
    assert (first, last) == (3, 9)
    assert "-2 is negative" in kept["error"]["message"]
    assert outer("loom.flow.map", **options, on_error="drop").run() == {"result": [3, 9]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"items": {"a": 1}}, "list"),
        ({"concurrency": 0}, "0 items at a time"),
        ({"output_name": "m"}, "no output named m"),
        ({"flow": "gone"}, "gone"),
    ],
)
def test_what_cannot_be_mapped_says_why(outer, wrong, words):
    options = {"items": [1], "flow": "inner", "item_name": "n", **wrong}
    assert words in outer("loom.flow.map", **options).run_result().error.message
