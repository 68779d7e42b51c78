"""Lanes: choose data, variants and a check; run; read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.studio.panels.lanes import LanesPanel

FLOW = """\
inputs:
  text: {type: string}
outputs:
  result: {type: string, reference: '${shape.output}'}
nodes:
- name: shape
  use_variants: true
node_variants:
  shape:
    default_variant_id: plain
    variants:
      plain:
        node: {type: python, source: {type: code, path: plain.py}, inputs: {text: '${inputs.text}'}}
      loud:
        node: {type: python, source: {type: code, path: loud.py}, inputs: {text: '${inputs.text}'}}
"""
HEAD = "from promptflow.core import tool\n\n\n@tool\n"


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    root = tmp_path / "shapes"
    (root / "data").mkdir(parents=True)
    (root / "flow.dag.yaml").write_text(FLOW)
    (root / "plain.py").write_text(HEAD + "def plain(text: str) -> str:\n    return text\n")
    (root / "loud.py").write_text(HEAD + "def loud(text: str) -> str:\n    return text.upper()\n")
    rows = [{"text": text, "expected": text.upper()} for text in "abcdefgh"]
    (root / "data" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return root


def test_rows_stand_side_by_side_with_a_plain_sentence(open_flow: Callable, shapes: Path, wait: Callable) -> None:
    workspace = open_flow(shapes)
    panel = LanesPanel(workspace)
    panel.resize(1000, 500)
    panel.show()
    assert (panel.data_button.text(), panel.column.currentText(), [box.text() for box in panel.boxes]) == ("rows.jsonl", "expected", ["plain", "loud"])
    panel.kind.setCurrentIndex(2)
    assert panel.expression.isVisible()
    panel.expression.setText("output == expected")
    assert panel.start()
    wait(lambda: panel.job is not None and not panel.job.running, 60)
    assert panel.verdict.text() == "loud is better than plain on 8 of 8 rows and worse on 0; this is hardly chance."
    assert panel.verdict.isVisible()
    assert panel.job is not None
    panel.table.activated.emit(panel.model.index(2, 3))
    assert workspace.page.parts["runner"].view is panel.job.cells[2, 1].view
    panel.expression.setText("import os")
    panel.expression.editingFinished.emit()
    assert panel._problem.isVisible()


def test_one_lane_is_no_comparison(open_flow: Callable, shapes: Path) -> None:
    panel = LanesPanel(open_flow(shapes))
    panel.boxes[0].setChecked(False)
    assert not panel.start()
    assert panel._problem.text() == "Choose at least two variants."


def test_a_flow_without_variants_says_what_to_do(open_flow: Callable, letters: Path) -> None:
    panel = LanesPanel(open_flow(letters, trusted=False))
    panel.show()
    assert "add a variant" in panel._hint.text()
    assert not panel.run_button.isEnabled()


def test_lanes_go_on_while_another_flow_is_looked_at(open_flow: Callable, shapes: Path, wait: Callable) -> None:
    workspace = open_flow(shapes)
    panel = LanesPanel(workspace)
    panel.show()
    assert panel.start()
    job, page = panel.job, workspace.page
    workspace.show(None)
    assert panel.job is None
    wait(lambda: job is not None and not job.running, 60)
    workspace.show(page)
    assert panel.job is job
    assert panel.verdict.isVisible()
    assert panel.run_button.text() == "Compare"
