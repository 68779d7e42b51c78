"""The Run pane tells how a run went, and leads to what failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from flowloom.flows.model.edits import SetText
from flowloom.studio.panels.timeline import TimelinePanel


@pytest.fixture
def workspace(open_flow: Callable, letters: Path) -> Any:
    return open_flow(letters)


@pytest.fixture
def panel(workspace: Any) -> TimelinePanel:
    made = TimelinePanel(workspace)
    made.resize(900, 240)
    made.show()
    return made


def _lines(panel: TimelinePanel) -> list[tuple[str, str]]:
    model = panel.model
    return [(model.index(row, 0).data(), model.index(row, 2).data()) for row in range(model.rowCount())]


def test_before_any_run_it_says_what_will_be_here(panel: TimelinePanel, workspace: Any) -> None:
    asked: list[str] = []
    workspace.command_asked.connect(asked.append)
    assert not panel.table.isVisible()
    button = next(button for button in panel.findChildren(QPushButton) if button.text() == "Run the flow")
    button.click()
    assert asked == ["run.run"]


def test_lines_grow_with_the_run(panel: TimelinePanel, workspace: Any, run_to_end: Callable, wait: Callable) -> None:
    run_to_end(workspace, inputs={"text": "ab"})
    wait(lambda: _lines(panel)[1][1].endswith("ms"))
    assert [name for name, _words in _lines(panel)] == ["loud", "repeat"]
    run_to_end(workspace, inputs={"text": "ab", "times": 5})
    wait(lambda: "cache" in _lines(panel)[0][1])
    assert _lines(panel)[0][1] == "from cache: nothing upstream changed"
    assert _lines(panel)[1][1].endswith("ran because the input times changed")
    assert panel.grab().toImage().allGray() is False


def test_a_failure_is_one_sentence_with_what_to_do(panel: TimelinePanel, workspace: Any, run_to_end: Callable, wait: Callable) -> None:
    code = workspace.document.text("loud.py").replace("return text.upper()", "raise ValueError('no such text')")
    workspace.document.apply(SetText("loud.py", code))
    run_to_end(workspace, inputs={"text": "ab"})
    wait(lambda: panel._fault.isVisible())
    assert "no such text" in panel._fault_words.text()
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    next(button for button in panel._fault.findChildren(QPushButton) if button.text() == "Show the place").click()
    assert asked[0][:2] == ("loud", "loud.py")
    assert asked[0][2] == 1 + code[: code.index("raise")].count("\n")
    assert _lines(panel)[1] == ("repeat", "did not run")
    panel.table.activated.emit(panel.model.index(0, 2))
    assert asked[1] == asked[0], "a double click leads to the place too"


def test_choosing_a_line_chooses_its_card_and_enter_leads_there(panel: TimelinePanel, workspace: Any, run_to_end: Callable) -> None:
    run_to_end(workspace, inputs={"text": "ab"})
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    panel.table.setFocus()
    panel.activateWindow()
    panel.table.selectRow(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert workspace.selection == ("repeat",)
    panel.table.activated.emit(panel.model.index(1, 0))
    assert asked == [("repeat", "", 0)]


def test_choosing_a_card_marks_its_line(panel: TimelinePanel, workspace: Any, run_to_end: Callable) -> None:
    run_to_end(workspace, inputs={"text": "ab"})
    workspace.page.scene.select(["repeat"])
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [1]


def test_a_run_that_may_not_begin_says_why(panel: TimelinePanel, workspace: Any) -> None:
    workspace.page.parts["trust"].distrust()
    from flowloom.studio.run.runner import Ask

    workspace.page.parts["runner"].run(Ask(inputs={"text": "ab"}))
    assert "not trusted" in panel._fault_words.text()
