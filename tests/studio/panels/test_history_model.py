from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from flowloom.flows.runs.records import RunSummary
from flowloom.studio.panels.history_model import COLUMNS, RunsModel


def run(id: str, **more: object) -> RunSummary:
    given = {
        "id": id, "flow": "f", "status": "completed", "started": time.time() - 60, "seconds": 1.25, "about": "Why?", "failure": "",
        "failed_node": None, "tokens": 1412, "price": 0.0, **more,
    }  # fmt: skip
    return RunSummary(**given)  # type: ignore[arg-type]


def row(model: RunsModel, number: int) -> list[str]:
    return [model.index(number, column).data() for column in range(len(COLUMNS))]


def test_a_run_in_one_line(application: QApplication) -> None:
    model = RunsModel(lambda last: None)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    failed = run("b", status="failed", failure="It broke.", tokens=None, price=None, seconds=None)
    model.set_runs([run("a"), failed, run("c", group="lanes", count=12), run("d", price=None)], has_more=False)
    assert row(model, 0)[0].startswith("today, ")
    assert row(model, 0)[1:] == ["completed", "Why?", "1.2 s", "1,412", "free"]
    assert row(model, 1)[1:] == ["failed", "Why?  ·  It broke.", "", "", ""]
    assert row(model, 2)[2] == "12 runs side by side: Why?"
    assert row(model, 3)[5] == "cost not known"
    del tester


def test_further_runs_are_asked_for_once_at_a_time(application: QApplication) -> None:
    asked: list[str] = []
    model = RunsModel(lambda last: asked.append(last.id))
    model.set_runs([run("a"), run("b")], has_more=True)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == ["b"]
    model.add([run("c")], has_more=False)
    assert [found.id for found in model.runs] == ["a", "b", "c"]
    assert not model.canFetchMore(QModelIndex())
    assert model.row_of("c") == 2
    assert model.row_of("x") == -1


def test_the_run_on_the_canvas_is_bold(application: QApplication) -> None:
    model = RunsModel(lambda last: None)
    model.set_runs([run("a"), run("b")], has_more=False)
    model.set_shown("b")
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole) is None
    assert model.index(1, 0).data(Qt.ItemDataRole.FontRole).bold() or model.index(1, 0).data(Qt.ItemDataRole.FontRole).weight() > 400
