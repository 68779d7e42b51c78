from __future__ import annotations

from flowloom.flows.engine.fingerprint import fingerprint
from flowloom.flows.runs.records import NodeComparison, NodeRecord


def test_a_value_is_exact_where_it_came_back_as_it_was() -> None:
    assert NodeRecord("completed", output={"a": [1]}, fingerprint=fingerprint({"a": [1]})).is_exact
    assert not NodeRecord("completed", output=[1], fingerprint=fingerprint((1,))).is_exact
    assert not NodeRecord("completed", output="***", fingerprint=fingerprint("secret")).is_exact
    assert not NodeRecord("bypassed", fingerprint=fingerprint(None)).is_exact


def test_what_is_not_known_is_no_difference() -> None:
    done = NodeRecord("completed")
    assert not NodeComparison("n", done, done, "unknown", "same").differs
    assert NodeComparison("n", done, NodeRecord("failed"), "same", "unknown").differs
    assert NodeComparison("n", done, done, "same", "same", ("file",)).differs
    assert NodeComparison("n", done, None, "only_a", "only_a").differs
