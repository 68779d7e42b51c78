"""Which nodes a run is about."""

from __future__ import annotations

from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.model.build import build
from flowloom.flows.runs.what_ran import what_ran
from flowloom.studio.run.scope import after, before, inputs_needed, needed, stale, waits


def test_upstream_and_downstream_are_found(letters: Path) -> None:
    flow = build(read(letters)).flow
    assert waits(flow) == {"loud": (), "repeat": ("loud",)}
    assert (before(flow, "repeat"), after(flow, {"loud"})) == ({"loud"}, {"repeat"})
    assert needed(flow, "loud") == ["loud"]
    assert needed(flow, "repeat") == ["loud", "repeat"]
    assert needed(flow, "repeat", only=True) == ["repeat"]
    assert needed(flow, None) == ["loud", "repeat"]


def test_a_run_to_a_node_needs_only_the_inputs_on_its_way(letters: Path) -> None:
    flow = build(read(letters)).flow
    assert inputs_needed(flow, "loud") == {"text"}
    assert inputs_needed(flow, None) == {"text", "times"}


def test_a_changed_node_makes_all_after_it_stale(letters: Path) -> None:
    file = read(letters)
    ran = what_ran(file, build(file).flow)
    assert stale(ran, file, build(file).flow) == set()
    changed = read(letters, overlay={"loud.py": "# other\n" + (letters / "loud.py").read_text()})
    assert stale(ran, changed, build(changed).flow) == {"loud", "repeat"}
    changed = read(letters, overlay={"repeat.py": "# other\n" + (letters / "repeat.py").read_text()})
    assert stale(ran, changed, build(changed).flow) == {"repeat"}
    assert stale({}, file, build(file).flow) == {"loud", "repeat"}
