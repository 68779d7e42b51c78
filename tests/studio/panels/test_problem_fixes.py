"""One button mends what has a plain answer, and leads to the rest."""

from __future__ import annotations

from flowloom.flows.model.edits import ClearNodeKey, SetInput, SetText
from flowloom.flows.model.problem import Problem
from flowloom.studio.application import Studio
from flowloom.studio.panels.problem_fixes import fix_of
from flowloom.studio.workspace import Page


def problem(page: Page, code: str, wait) -> Problem:
    wait(lambda: any(found.code == code for found in page.document.problems))
    return next(found for found in page.document.problems if found.code == code)


def test_a_missing_connection_becomes_the_model_on_this_computer(studio: Studio, page: Page, wait) -> None:
    page.document.apply(ClearNodeKey("answer", ("connection",)))
    fix = fix_of(problem(page, "llm.connection_missing", wait), page.document)
    assert fix.title == "Use the model on this computer"
    fix.run(studio.workspace)
    assert page.document.flow.nodes["answer"].connection == "local"
    wait(lambda: not page.document.problems)


def test_an_input_nobody_takes_is_removed(studio: Studio, page: Page, wait) -> None:
    page.document.apply(SetInput("prepare", "colour", "red"))
    fix = fix_of(problem(page, "input.unknown", wait), page.document)
    assert fix.title == "Remove colour"
    fix.run(studio.workspace)
    assert "colour" not in page.document.flow.nodes["prepare"].inputs


def test_all_else_leads_to_its_line(studio: Studio, page: Page, wait) -> None:
    asked: list[tuple[str, str, int]] = []
    studio.workspace.place_asked.connect(lambda *place: asked.append(place))
    page.document.apply(SetText("prepare.py", "x = 1\n\ndef prepare(:\n"))
    wait(lambda: any(found.file == "prepare.py" for found in page.document.problems))
    found = next(found for found in page.document.problems if found.file == "prepare.py")
    fix = fix_of(found, page.document)
    assert fix.title == "Show the place"
    fix.run(studio.workspace)
    assert asked == [("prepare", "prepare.py", 3)]
