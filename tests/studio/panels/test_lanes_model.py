"""The table of lanes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from flowloom.flows.batch.dataset import Row
from flowloom.flows.engine.events import NodeFinished, NodeStarted, RunFinished, RunStarted, Usage
from flowloom.studio.panels.lanes_model import LanesModel
from flowloom.studio.run.lanes_job import Cell, Lane, LanesJob, Scoring
from flowloom.studio.run.run_view import RunView


def _view(output: str) -> RunView:
    view = RunView()
    view.feed([RunStarted("r", "f", ("repeat",), 1.0), NodeStarted("repeat", 1.0)])
    view.feed([NodeFinished("repeat", output, 0.5, Usage(10, 5, 15, 1, 0.02)), RunFinished("r", "completed", {"result": output}, None, 0.5)])
    return view


def test_cells_say_what_came_and_headers_what_it_cost(open_flow: Callable, letters: Path) -> None:
    runner = open_flow(letters, trusted=False).page.parts["runner"]
    job = LanesJob(runner, [Row(0, {"text": "a", "expected": "A"}), Row(1, {"text": "b", "expected": "B"})], [Lane("one", {}), Lane("two", {})])
    job.cells = {(0, 0): Cell(_view("a")), (0, 1): Cell(_view("A!")), (1, 0): Cell(RunView())}
    job.judge(Scoring("result", "expected", "contains"))
    parent = QWidget()
    model = LanesModel(parent)
    model.show(job)
    assert [model.index(0, column).data() for column in range(4)] == ["a", "A", "a", "A!"]
    assert model.index(1, 2).data() == "running..."
    assert model.index(1, 3).data() == ""
    assert model.index(0, 2).data(Qt.ItemDataRole.BackgroundRole) is not None
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Expected"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "one\n1 of 1 right · 0.5 s a row · 15 tokens · $0.02"
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"
