"""Problems follow edits, and typing never waits for them."""

from __future__ import annotations

from flowloom.flows.model.edits import SetInput, SetText
from flowloom.flows.model.flow import Reference
from flowloom.studio.document.flow_document import FlowDocument


def test_a_problem_comes_and_goes_with_its_cause(document: FlowDocument, wait) -> None:
    wait(lambda: document.checker.settled)
    before = document.problems
    document.apply(SetInput("answer", "question", Reference("node", "nobody")))
    wait(lambda: any("nobody" in problem.message for problem in document.problems))
    document.undo_stack.undo()
    wait(lambda: document.problems == before)


def test_many_edits_are_looked_at_once(document: FlowDocument, wait) -> None:
    wait(lambda: document.checker.settled)
    heard: list[int] = []
    document.problems_changed.connect(lambda: heard.append(1))
    text = document.files["answer.jinja2"]
    for number in range(30):
        document.apply(SetText("answer.jinja2", f"{text}{number}"), merge="typing")
    assert not document.checker.settled
    wait(lambda: document.checker.settled)
    assert len(heard) == 1


def test_an_edit_during_a_look_makes_it_look_again(document: FlowDocument, wait) -> None:
    wait(lambda: document.checker.settled)
    document.apply(SetInput("answer", "question", Reference("node", "first")))
    document.checker._begin()
    document.apply(SetInput("answer", "question", Reference("node", "second")))
    wait(lambda: document.checker.settled)
    messages = " ".join(problem.message for problem in document.problems)
    assert "second" in messages
    assert "first" not in messages


def test_code_that_cannot_be_read_is_a_problem_not_a_crash(document: FlowDocument, wait) -> None:
    document.apply(SetText("prepare.py", "def broken(:\n"))
    wait(lambda: any(problem.node == "prepare" and problem.severity == "error" for problem in document.problems))
