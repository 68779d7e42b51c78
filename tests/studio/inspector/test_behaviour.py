"""When a node runs, in words and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.flow import Activate, Node, Reference, Retry
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.behaviour import plain_text, plain_value, summary
from flowloom.studio.inspector.node_form import NodeForm


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("3", 3), ("0.5", 0.5), ("refund", "refund"), ('"true"', "true"), ('"3"', "3"), ("nan", "nan"), ("", "")],
)
def test_what_a_person_means_by_a_text(text: str, value: object) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)
    assert plain_value(plain_text(value)) == value
    assert type(plain_value(plain_text(value))) is type(value)


def test_a_condition_is_chosen_and_taken_away_by_keys(document: FlowDocument, choose: Callable[..., object]) -> None:
    form = choose("answer")
    assert isinstance(form, NodeForm)
    form.when.set_open(True)
    QTest.keyClick(form.behaviour.always, Qt.Key.Key_Space)
    assert form.picker is not None
    QTest.keyClicks(form.picker.search, "question")
    QTest.keyClick(form.picker.search, Qt.Key.Key_Return)
    assert document.flow.nodes["answer"].activate == Activate(Reference("input", "question"), True)  # type: ignore[index]
    line = form.behaviour.value.line
    line.selectAll()
    QTest.keyClicks(line, "Why?")
    assert document.flow.nodes["answer"].activate == Activate(Reference("input", "question"), "Why?")  # type: ignore[index]
    assert form.behaviour.when.chip.accessibleName() == "the condition takes Inputs › question"
    QTest.keyClick(form.behaviour.when.cut, Qt.Key.Key_Return)
    assert document.flow.nodes["answer"].activate is None  # type: ignore[index]


def test_tries_timeout_and_cache_are_written_and_taken_back(document: FlowDocument, choose: Callable[..., object]) -> None:
    before = dict(document.files)
    form = choose("answer")
    assert isinstance(form, NodeForm)
    form.when.set_open(True)
    behaviour = form.behaviour

    def node() -> Node:
        return document.flow.nodes["answer"]  # type: ignore[index]

    QTest.keyClicks(behaviour.tries.line, "3")
    assert node().retry == Retry(3, 1.0)
    QTest.keyClicks(behaviour.wait.line, "2")
    assert node().retry == Retry(3, 2)
    QTest.keyClicks(behaviour.timeout.line, "30")
    assert node().timeout_seconds == 30
    QTest.keyClick(behaviour.cache, Qt.Key.Key_End)
    assert not node().cache
    QTest.mouseClick(behaviour.aggregation.switch, Qt.MouseButton.LeftButton)
    assert node().aggregation
    assert summary(node()) == "3 tries, 30 s at most, never cached, once for all rows"
    behaviour.tries.line.selectAll()
    QTest.keyClicks(behaviour.tries.line, "1")
    QTest.keyClick(behaviour.timeout.line, Qt.Key.Key_Backspace)
    QTest.keyClick(behaviour.timeout.line, Qt.Key.Key_Backspace)
    QTest.keyClick(behaviour.cache, Qt.Key.Key_Home)
    QTest.mouseClick(behaviour.aggregation.switch, Qt.MouseButton.LeftButton)
    assert summary(node()) == "defaults"
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.files == before


