from __future__ import annotations

from typing import Any

from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QApplication

from flowloom.flows.engine.events import Usage
from flowloom.flows.engine.fingerprint import fingerprint
from flowloom.flows.runs.compare import compare
from flowloom.flows.runs.records import NodeRecord, RunRecord, RunSummary
from flowloom.studio.panels.comparison import COLUMNS, NodesModel


def run(id: str, nodes: dict[str, NodeRecord], ran: dict[str, Any], tokens: int | None = None) -> RunRecord:
    summary = RunSummary(id, "flow", "completed", 1.0, 2.0, "", "", None, tokens, 0.0)
    return RunRecord(summary, {}, {}, None, None, nodes, ran={"nodes": ran})


def done(output: Any, **more: Any) -> NodeRecord:
    return NodeRecord("completed", {}, output, fingerprint=fingerprint(output), **more)


def test_what_a_row_says(application: QApplication) -> None:
    a = run("1", {"x": done("a", seconds=1.0, usage=Usage(1, 1, 2, 1, 0.5, "m")), "y": done("s", seconds=0.2)}, {"x": {"hash": "1"}, "y": {}}, 2)
    b = run("2", {"x": done("b", seconds=2.0, usage=Usage(1, 2, 3, 1, 0.5, "m")), "y": done("s", seconds=0.2, cached=True)}, {"x": {"hash": "2"}, "y": {}})
    model = NodesModel(compare(a, b), {"x": "The answer"})
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    rows = [dict(zip(COLUMNS, (model.index(row, column).data() for column in range(len(COLUMNS))), strict=True)) for row in range(3)]
    assert rows[1] == {
        "node": "The answer", "inputs": "same", "output": "different", "seconds": "1.0 s → 2.0 s", "tokens": "2 → 3", "price": "$0.50",
        "changes": "its prompt or code",
    }  # fmt: skip
    assert (rows[2]["output"], rows[2]["seconds"], rows[2]["changes"]) == ("same", "0.2 s → from cache", "")
    assert (rows[0]["node"], rows[0]["tokens"]) == ("The whole flow", "2 → –")
    del tester


def test_without_a_choice_it_leads_to_the_history(studio: Any, page: Any, application: QApplication) -> None:
    bottom = studio.workspace.parts["bottom"]
    panel = bottom.show_tab("comparison")
    assert panel.empty.isVisible()
    spy = QSignalSpy(bottom.shown)
    panel.empty.button.click()
    assert [spy.at(index)[0] for index in range(spy.count())] == ["history"]
