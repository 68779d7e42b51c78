"""Passages that a reply names."""

from __future__ import annotations

from flowloom.studio.run.citations import Citation, cited, linked, with_lines

PASSAGES = [
    {"title": "Returns", "text": "Within thirty days.", "metadata": {"source": "returns.md"}},
    {"text": "Bring the card.", "source": "https://example.org/pay"},
]


def test_marks_lead_to_passages_of_the_outputs_in_the_order_of_the_reply() -> None:
    found = cited("Bring the card [2]. Thirty days [1][2].", {"answer": "x", "citations": PASSAGES}, {})
    assert found == (
        Citation(2, "https://example.org/pay", "Bring the card.", "https://example.org/pay"),
        Citation(1, "Returns", "Within thirty days.", "returns.md"),
    )


def test_passages_of_a_node_serve_where_the_flow_gives_none() -> None:
    found = cited("Yes [1].", {"answer": "Yes"}, {"search": {"passages": ["The first passage", "The second"]}})
    assert found == (Citation(1, "The first passage", "The first passage"),)


def test_a_number_that_nothing_answers_to_is_no_citation() -> None:
    assert cited("Item [7] of the list", {"citations": PASSAGES}, {}) == ()
    assert cited("No marks", {"citations": PASSAGES}, {}) == ()
    assert cited("`a[1]` in code", {"citations": PASSAGES}, {}) == ()


def test_known_marks_become_links_and_code_and_links_stay() -> None:
    citations = (Citation(1, "a", "b"),)
    assert linked("See [1], [2], [1](http://x) and `x[1]`.", citations) == "See [\\[1\\]](citation:1), [2], [1](http://x) and `x[1]`."


def test_line_ends_are_kept_outside_of_code() -> None:
    assert with_lines("one\ntwo\n\nthree\n```\na\nb\n```") == "one  \ntwo\n\nthree\n```\na\nb\n```"
