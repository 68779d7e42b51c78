"""Nodes dragged from the library, let go over the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.document.new_node import NODE_MIME

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

LEFT, NO = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def node(id: str) -> QMimeData:
    data = QMimeData()
    data.setData(NODE_MIME, id.encode())
    return data


def drag(canvas: Canvas, data: QMimeData, at: QPoint, *, let_go: bool = True) -> bool:
    """The events a drag brings, as Qt sends them. Whether it was welcome."""
    port = canvas.view.viewport()
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, NO)
    canvas.application.sendEvent(port, enter)
    over = QDragMoveEvent(at, Qt.DropAction.CopyAction, data, LEFT, NO)
    canvas.application.sendEvent(port, over)
    if let_go and over.isAccepted():
        canvas.application.sendEvent(port, QDropEvent(at.toPointF(), Qt.DropAction.CopyAction, data, LEFT, NO))
    return over.isAccepted()


def test_on_empty_canvas_it_stands_where_it_was_let_go(canvas: Canvas) -> None:
    at = canvas.empty()
    assert drag(canvas, node("loom.llm.chat"), at)
    corner = canvas.at(canvas.scene.rect("ask_a_model").topLeft())
    assert (corner - at).manhattanLength() < 60
    assert canvas.workspace.selection == ("ask_a_model",)


def test_on_a_wire_it_is_put_into_it(canvas: Canvas) -> None:
    middle = canvas.at(canvas.scene.wire_items[PortRef("@outputs", "in", "answer")].route.middle)
    drag(canvas, node("loom.text.join"), middle)
    assert canvas.wires()[PortRef("@outputs", "in", "answer")] == PortRef("join_texts", "out", "output")
    assert canvas.steps() == ["Insert Join texts"]


def test_where_it_does_not_fit_the_wire_stays(canvas: Canvas) -> None:
    middle = canvas.at(canvas.scene.wire_items[PortRef("answer", "in", "question")].route.middle)
    drag(canvas, node("loom.data.csv_write"), middle)
    assert canvas.document.node("write_csv") is not None, "a text is no list of rows"
    assert canvas.wires()[PortRef("answer", "in", "question")] == PortRef("prepare", "out", "output")


def test_text_with_nodes_is_pasted(canvas: Canvas) -> None:
    data = QMimeData()
    data.setText("- name: extra\n  type: python\n  source: {type: package, tool: loom.text.join}\n")
    assert drag(canvas, data, canvas.empty())
    assert canvas.document.node("extra") is not None


def test_anything_else_is_left_to_others(canvas: Canvas) -> None:
    data = QMimeData()
    data.setText("hello")
    assert not drag(canvas, data, canvas.empty())
    assert canvas.steps() == []
