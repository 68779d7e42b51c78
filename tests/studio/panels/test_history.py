"""History and Comparison in the window, over real records of a real flow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from flowloom.flows import load_flow
from flowloom.flows.runs.history import RunHistory
from flowloom.flows.runs.store import Place
from flowloom.flows.runs.writer import writer
from flowloom.studio.panels.comparison import ComparisonPanel
from flowloom.studio.panels.history import HistoryPanel

FLOW = """inputs:
  word: {type: string, default: one}
outputs:
  out: {type: string, reference: "${shout.output}"}
nodes:
- {name: first, type: python, source: {type: code, path: first.py}, inputs: {text: "${inputs.word}"}}
- {name: shout, type: python, source: {type: code, path: shout.py}, inputs: {text: "${first.output}", mark: "!"}}
"""
FIRST = "from promptflow.core import tool\n\n\n@tool\ndef first(text: str) -> str:\n    return text\n"
SHOUT = (
    "from promptflow.core import tool\n\n\n@tool\ndef shout(text: str, mark: str) -> str:\n"
    "    if text == 'bad':\n        raise ValueError('no bad words')\n    return text.upper() + mark\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shouting"
    folder.mkdir()
    for name, text in {"flow.dag.yaml": FLOW, "first.py": FIRST, "shout.py": SHOUT}.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def opened(studio: Any, root: Path, application: QApplication) -> Any:
    from flowloom.studio.application import open_path

    page = open_path(studio.workspace, root)
    page.parts["trust"].trust()
    application.processEvents()
    return page


@pytest.fixture
def runs(root: Path) -> list[str]:
    """Ids of runs on ``one``, ``two`` and ``bad``."""
    with load_flow(root) as flow:
        ids = [flow.run_result({"word": word}, record=True, echo=False).run_id for word in ("one", "two", "bad")]
    writer.flush()
    return ids


@pytest.fixture
def panel(runs: list[str], opened: Any, studio: Any, wait: Callable[..., None]) -> HistoryPanel:
    found = studio.workspace.parts["bottom"].show_tab("history")
    assert isinstance(found, HistoryPanel)
    wait(lambda: len(found.model.runs) == 3)
    return found


def choose(panel: HistoryPanel, *rows: int) -> None:
    panel.table.clearSelection()
    for row in rows:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        panel.table.selectionModel().select(panel.model.index(row, 0), flags)


def click(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(words: str) -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        (button,) = [found for found in box.findChildren(QPushButton) if found.text().replace("&", "") == words]
        button.click()

    QTimer.singleShot(0, press)


def test_before_the_first_run_it_says_what_will_be_here(opened: Any, studio: Any, wait: Callable[..., None]) -> None:
    panel = studio.workspace.parts["bottom"].show_tab("history")
    wait(panel.empty.isVisible)
    assert not panel.open_button.isEnabled()


def test_runs_are_found_by_words_and_by_how_they_ended(panel: HistoryPanel, runs: list[str], wait: Callable[..., None]) -> None:
    assert [run.id for run in panel.model.runs] == runs[::-1]
    QTest.keyClicks(panel.search, "two")
    wait(lambda: [run.id for run in panel.model.runs] == [runs[1]])
    QTest.keyClicks(panel.search, "xyz")
    wait(panel.none_found.isVisible)
    panel.search.clear()
    wait(lambda: len(panel.model.runs) == 3)
    panel.status.setFocus()
    while panel.status.currentData() != "failed":
        QTest.keyClick(panel.status, Qt.Key.Key_Down)
    wait(lambda: [run.id for run in panel.model.runs] == [runs[2]])


def test_a_run_opens_on_the_canvas(panel: HistoryPanel, opened: Any, runs: list[str], wait: Callable[..., None]) -> None:
    choose(panel, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    runner = opened.parts["runner"]
    wait(lambda: runner.view is not None and runner.view.run_id == runs[1])
    assert {name: node.output for name, node in runner.view.nodes.items()} == {"first": "two", "shout": "TWO!"}
    assert dict(runner.view.nodes["shout"].inputs) == {"text": "two", "mark": "!"}
    assert runner.view.live is False
    assert panel.model.index(1, 0).data(Qt.ItemDataRole.FontRole) is not None


def test_a_run_is_run_again_with_its_inputs(panel: HistoryPanel, opened: Any, wait: Callable[..., None]) -> None:
    choose(panel, 1)
    click(panel.again_button)
    runner = opened.parts["runner"]
    wait(lambda: runner.view is not None and runner.view.status == "completed", 30)
    assert runner.view.outputs == {"out": "TWO!"}
    wait(lambda: len(panel.model.runs) == 4, 10)
    assert panel.model.runs[0].about == "two"


def test_runs_are_deleted_after_a_yes(panel: HistoryPanel, root: Path, runs: list[str], wait: Callable[..., None]) -> None:
    choose(panel, 0, 2)
    answer("Keep")
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert len(RunHistory(root).list()) == 3
    choose(panel, 0, 2)
    answer("Delete")
    click(panel.delete_button)
    wait(lambda: [run.id for run in panel.model.runs] == [runs[1]])
    assert [run.id for run in RunHistory(root).list()] == [runs[1]]


def test_only_what_can_be_done_is_offered(panel: HistoryPanel) -> None:
    choose(panel)
    assert not panel.open_button.isEnabled()
    assert not panel.delete_button.isEnabled()
    choose(panel, 0)
    assert panel.continue_button.isVisible()
    choose(panel, 2)
    assert not panel.continue_button.isVisible()
    assert not panel.compare_button.isEnabled(), "there is none before the first"
    choose(panel, 0, 1, 2)
    assert not panel.compare_button.isEnabled()


def test_two_runs_are_compared_card_by_card(panel: HistoryPanel, studio: Any, wait: Callable[..., None]) -> None:
    choose(panel, 1, 2)
    click(panel.compare_button)
    found = studio.workspace.parts["bottom"].show_tab("comparison")
    assert isinstance(found, ComparisonPanel)
    wait(lambda: found.model is not None)
    assert found.model is not None
    rows = [[found.model.index(row, column).data() for column in range(3)] for row in range(found.model.rowCount())]
    assert rows == [
        ["The whole flow", "different", "different"],
        ["first", "different", "different"],
        ["shout", "different", "different"],
    ]
    assert found.words.text() == "They differ from 'first' on."
    assert found.diff.marked == (["one"], ["two"]), "the older run is the first"
    found.table.setFocus()
    QTest.keyClick(found.table, Qt.Key.Key_Down)
    assert found.diff.marked == (["ONE"], ["TWO"])


def test_runs_made_side_by_side_are_one_line_until_opened(panel: HistoryPanel, root: Path, runs: list[str], wait: Callable[..., None]) -> None:
    with load_flow(root) as flow:
        ids = [flow.run_result({"word": word}, record=Place("lanes", row), echo=False).run_id for row, word in enumerate(("a", "b"))]
    writer.flush()
    panel.refresh()
    wait(lambda: len(panel.model.runs) == 4)
    choose(panel, 0)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    wait(lambda: [run.id for run in panel.model.runs] == ids[::-1])
    click(panel.back)
    wait(lambda: len(panel.model.runs) == 4)
    assert not panel.back.isVisible()
