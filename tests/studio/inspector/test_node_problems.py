"""Problems above the form lead to their place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.problem import Problem
from flowloom.studio.inspector.node_problems import NodeProblems, _ProblemRow


def test_errors_come_first_and_lead_by_click_and_key() -> None:
    shown = NodeProblems()
    asked: list[tuple[str, str, int]] = []
    shown.place_asked.connect(lambda node, field, line: asked.append((node, field, line)))
    warning = Problem("a", "warning", "Odd.", "Look.", "answer", "temperature", "flow.dag.yaml", 12, 1)
    error = Problem("b", "error", "Wrong.", "", "answer", "source", "answer.jinja2", 3, 1)
    shown.show_problems([warning, error])
    rows = shown.findChildren(_ProblemRow)
    assert [row.accessibleName() for row in rows] == ["Wrong. ", "Odd. Look."]
    QTest.keyClick(rows[0], Qt.Key.Key_Return)
    QTest.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    assert asked == [("answer", "answer.jinja2", 3), ("answer", "temperature", 0)]
    shown.show_problems([])
    assert shown.isHidden()
