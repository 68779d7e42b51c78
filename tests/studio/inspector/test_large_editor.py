"""The editor in a window of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.inspector.large_editor import LargeEditor
from flowloom.studio.inspector.node_form import NodeForm


def test_what_is_typed_there_is_typed_here(
    document: FlowDocument, choose: Callable[..., object], inspector: Inspector, wait: Callable[..., None]
) -> None:
    form = choose("answer")
    assert isinstance(form, NodeForm)
    assert form.source.view is not None
    view = form.source.view
    QTest.mouseClick(view.expand, Qt.MouseButton.LeftButton)
    large = inspector.findChild(LargeEditor)
    assert large is not None
    QTest.keyClicks(large.editor, "hello")
    assert document.text("answer.jinja2").endswith("hello")
    large.accept()
    wait(lambda: inspector.findChild(LargeEditor) is None)
    assert view.isAncestorOf(view.editor)
    assert view.editor.text().endswith("hello")


def test_it_closes_when_another_node_is_chosen(choose: Callable[..., object], inspector: Inspector, wait: Callable[..., None]) -> None:
    form = choose("answer")
    assert isinstance(form, NodeForm)
    assert form.source.view is not None
    QTest.mouseClick(form.source.view.expand, Qt.MouseButton.LeftButton)
    choose("prepare")
    wait(lambda: inspector.findChild(LargeEditor) is None)
