from __future__ import annotations

from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.model.build_node import build_node
from flowloom.flows.model.build_parts import Notes
from flowloom.flows.model.flow import Constant, NodeName, VariantId


def test_a_body_anywhere_in_the_file(tmp_path: Path) -> None:
    text = "x:\n  y:\n    type: prompt\n    source: {path: a.jinja2}\n    inputs:\n      2024: ${a b}\n      empty:\n    aggregation: nope\n"
    notes = Notes(read(tmp_path / "f.yaml", overlay={"f.yaml": text}))
    node = build_node(notes, NodeName("n"), notes.file.data["x"]["y"], ("x", "y"), VariantId("v"))
    assert node is not None
    assert (node.name, node.variant, node.source.type) == ("n", "v", "code")
    assert list(node.inputs) == ["2024", "empty"]
    assert node.inputs["empty"] == Constant(None)
    # prompt flow takes any text for true here.
    assert node.aggregation
    assert [(problem.code, problem.line, problem.node, problem.field) for problem in notes.problems] == [
        ("structure.flag", 8, "n", "aggregation")
    ]


def test_without_its_type_or_source_there_is_no_node(tmp_path: Path) -> None:
    notes = Notes(read(tmp_path / "f.yaml", overlay={"f.yaml": "type: prompt\n"}))
    assert build_node(notes, NodeName("n"), {"type": "prompt"}, ()) is None
    assert build_node(notes, NodeName("n"), {"source": {"path": "x"}}, ()) is None
    assert build_node(notes, NodeName("n"), {"type": "prompt", "source": {"type": "cod", "path": "x"}}, ()) is None
