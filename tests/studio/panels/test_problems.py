"""Problems are listed with what mends them, and lead to the place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.edits import SetInput, SetText
from flowloom.flows.model.flow import Reference
from flowloom.studio.application import Studio
from flowloom.studio.panels.problems import ProblemsPanel
from flowloom.studio.workspace import Page


@pytest.fixture
def panel(studio: Studio, page: Page, wait) -> ProblemsPanel:
    found = studio.window.panel("problems")
    assert isinstance(found, ProblemsPanel)
    wait(lambda: page.document.checker.settled)
    QApplication.processEvents()
    return found


def test_a_sound_flow_says_so(panel: ProblemsPanel) -> None:
    assert panel.empty.isVisible()
    assert not panel.list.isVisible()


def test_a_problem_appears_leads_to_its_card_and_goes(studio: Studio, page: Page, panel: ProblemsPanel, wait) -> None:
    page.document.apply(SetInput("answer", "question", Reference("node", "nobody", ("output",))))
    wait(lambda: panel.list.rows)
    row = panel.list.rows[0]
    assert "nobody" in row.title
    assert row.words
    assert "answer" in row.note
    studio.workspace.page.scene.select([])
    panel.list.setFocus()
    panel.list.point_first()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert studio.workspace.selection == ("answer",)
    page.document.undo_stack.undo()
    wait(lambda: not panel.list.rows)
    assert panel.empty.isVisible()


def test_a_line_of_code_is_asked_for(studio: Studio, page: Page, panel: ProblemsPanel, wait) -> None:
    asked: list[tuple[str, str, int]] = []
    studio.workspace.place_asked.connect(lambda *place: asked.append(place))
    page.document.apply(SetText("prepare.py", "def prepare(:\n"))
    wait(lambda: any("prepare" in row.title or "prepare.py" in row.note for row in panel.list.rows))
    problem = next(row.value for row in panel.list.rows if row.value.file == "prepare.py")
    panel.lead_to(problem)
    assert asked[-1] == ("prepare", "prepare.py", problem.line)


def test_a_problem_can_be_copied(studio: Studio, page: Page, panel: ProblemsPanel, wait) -> None:
    page.document.apply(SetInput("answer", "question", Reference("node", "nobody", ("output",))))
    wait(lambda: panel.list.rows)
    panel.list.setFocus()
    panel.list.point_first()
    QTest.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "nobody" in QApplication.clipboard().text()


def test_what_to_do_stands_below_with_its_button(studio: Studio, page: Page, panel: ProblemsPanel, wait) -> None:
    assert not panel.footer.isVisible()
    page.document.apply(SetInput("prepare", "colour", "red"))
    wait(lambda: panel.list.rows)
    panel.list.point_first()
    assert panel.footer.isVisible()
    assert panel.words.text()
    assert panel.fix_button.text() == "Remove colour"
    QTest.mouseClick(panel.fix_button, Qt.MouseButton.LeftButton)
    wait(lambda: not panel.list.rows)
    assert not panel.footer.isVisible()


def test_failures_of_the_last_run_stand_first(studio: Studio, page: Page, panel: ProblemsPanel, wait, monkeypatch) -> None:
    from flowloom.studio.run.run_view import Fault, NodeView, RunView

    asked: list[tuple[str, str, int]] = []
    studio.workspace.place_asked.connect(lambda *place: asked.append(place))
    view = RunView("r")
    view.nodes["answer"] = NodeView("answer", status="failed")
    view.nodes["answer"].error = Fault("authentication", "The service refuses the key.", "Check the key.", "answer")
    monkeypatch.setattr(page.parts["runner"], "view", view)
    page.parts["runner"].view_changed.emit()
    row = panel.list.rows[0]
    assert studio.window.bottom._tabs["problems"].text() == "Problems  1"
    assert (row.title, row.words, row.note) == ("The service refuses the key.", "Check the key.", "answer · last run")
    panel.list.point_first()
    assert panel.fix_button.text() == "Set up the connection"
    panel.lead_to(row.value)
    assert asked == [("answer", "", 0)]
