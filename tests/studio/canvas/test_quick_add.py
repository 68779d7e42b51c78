"""Lines of the quick add; how it behaves is told by the gestures' tests."""

from __future__ import annotations

from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.interactions.chooser_entry import ranked
from flowloom.studio.canvas.quick_add import entry
from flowloom.studio.document.new_node import offered


def test_node_types_are_found_by_title_category_and_help(registry: Registry) -> None:
    lines = [entry(spec) for spec in offered(registry)]
    assert lines[0].title == "Ask a model"
    assert lines[0].help
    assert ranked(lines, "ask")[0].title == "Ask a model"
    assert ranked(lines, "branch")[0].title == "Join branches"
    assert "Fetch from the web" in [line.title for line in ranked(lines, "http")]
    assert all("\n\n" not in line.help for line in lines), "one paragraph is enough here"
