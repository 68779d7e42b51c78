"""A run as rows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from flowloom.flows.engine.events import NodeFinished, NodeStarted, RunFinished, RunStarted
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.panels.timeline_model import BarDelegate, TimelineModel
from flowloom.studio.run.run_view import RunView


@pytest.fixture
def parent() -> QWidget:
    return QWidget()


def _ended() -> RunView:
    view = RunView()
    view.feed([RunStarted("r", "f", ("prepare", "answer"), 100.0), NodeStarted("prepare", 100.0), NodeFinished("prepare", 1, 1.0)])
    view.feed([NodeStarted("answer", 101.0), NodeStarted("answer/tool", 102.0), NodeFinished("answer/tool", 1, 1.0)])
    view.feed([NodeFinished("answer", 1, 3.0), RunFinished("r", "completed", {}, None, 4.0)])
    return view


def test_what_a_node_calls_stands_below_it_and_in(parent: QWidget, document: FlowDocument) -> None:
    model = TimelineModel(parent)
    view = _ended()
    view.nodes = {"answer/tool": view.nodes["answer/tool"], **{name: view.nodes[name] for name in ("prepare", "answer")}}
    model.show(view, document)
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert names == ["answer", "    tool", "prepare"]
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "tool: 1.0 s"


def test_bars_stand_where_nodes_ran(parent: QWidget, document: FlowDocument) -> None:
    model = TimelineModel(parent)
    view = _ended()
    model.show(view, document)
    assert model.reach() == (100.0, 4.0)
    delegate = BarDelegate(model, parent)
    track = QRectF(0, 0, 400, 8)
    assert delegate._bar(view.nodes["prepare"], track) == QRectF(0, 0, 100, 8)
    assert delegate._bar(view.nodes["answer"], track) == QRectF(100, 0, 300, 8)
    view.nodes["answer"].status = "bypassed"
    assert delegate._bar(view.nodes["answer"], track) is None


def test_a_node_that_turns_up_gets_a_row(parent: QWidget, document: FlowDocument) -> None:
    model = TimelineModel(parent)
    view = _ended()
    model.show(view, document)
    view.feed([NodeStarted("answer/other", 103.0)])
    model.update({"answer/other"})
    assert [model.name(row) for row in range(model.rowCount())] == ["prepare", "answer", "answer/tool", "answer/other"]
    assert model.row_of("answer/other") == 3
