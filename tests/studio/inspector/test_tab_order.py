"""Tab goes through a form as the eye does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from flowloom.flows.model.edits import SetInput, SetText
from flowloom.flows.model.flow import Constant
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.inspector.tab_order import order_tabs, stops


def test_a_part_that_came_later_has_its_place() -> None:
    window = QWidget()
    box = QVBoxLayout(window)
    first, last = QLineEdit(), QLineEdit()
    box.addWidget(first)
    box.addWidget(last)
    middle = QLineEdit()
    box.insertWidget(1, middle)
    assert list(stops(window)) == [first, middle, last]
    order_tabs(first, window)
    assert first.nextInFocusChain() is middle
    assert middle.nextInFocusChain() is last


def walk(start: QWidget, steps: int) -> list[str]:
    start.setFocus()
    names = []
    for _ in range(steps):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return names


def test_rows_that_changed_are_still_reached_in_turn(document: FlowDocument, inspector: Inspector, choose: Callable[..., object]) -> None:
    choose("prepare")
    document.apply(SetInput("prepare", "text", Constant("fixed")))
    assert walk(inspector.header.title, 5) == ["Title", "More for this step", "text", "Choose where text comes from", "upper"]


def test_an_input_that_came_with_the_prompt_is_reached_before_the_prompt(
    document: FlowDocument, inspector: Inspector, choose: Callable[..., object]
) -> None:
    choose("answer")
    document.apply(SetText("answer.jinja2", "user:\n{{question}} {{tone}}\n"))
    names = walk(inspector.header.title, 18)
    assert names.index("question takes prepare") < names.index("tone") < names.index("Add a variant to compare with")
