from __future__ import annotations

from flowloom.nodes.text.join import join


def test_parts_in_order_with_lists_taken_apart_and_missing_ones_left_out():
    assert join(a="x", b=None, c=["y", {"k": "ü"}], d=3) == 'x\ny\n{"k": "ü"}\n3'
    assert join(separator=", ", a="x", b="y") == "x, y"
