from __future__ import annotations

from flowloom.flows.engine import faults


def test_every_fault_has_a_next_step() -> None:
    found = [faults.stopped(), faults.too_late("a", 2.5), faults.never_ready(["a", "b"]), faults.cancelled_itself(), faults.of_the_engine(ValueError("odd"))]
    assert [error.kind for error in found] == ["cancelled", "timeout", "invalid_flow", "tool", "error"]
    assert all(error.hint for error in found)
    assert found[1].message == "The node 'a' took longer than the 2.5 seconds it may."
    assert found[2].node == "a"
    assert "ValueError: odd" in found[4].detail
    assert faults.left_behind("a") != faults.thread_left_behind("a")
