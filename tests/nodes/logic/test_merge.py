from __future__ import annotations

from flowloom.nodes.logic.merge import merge


def test_the_branch_that_ran_counts_even_where_it_gave_nothing_much():
    assert merge(a=None, b=0, c=1) == 0
    assert merge(a=None, b=None, default="none ran") == "none ran"
