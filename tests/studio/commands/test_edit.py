"""Cut, copy, paste, duplicate, delete: as their keys on the canvas carry them out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.gestures import Gestures
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.commands.table import commands
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.workspace import Page, Workspace

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def workspace(document: FlowDocument, registry: Registry, application: QApplication) -> Iterator[Workspace]:
    found = Workspace(registry, settings=None)  # pyright: ignore[reportArgumentType]
    scene = CanvasScene(document)
    page = Page(document, scene, CanvasView(scene))
    Gestures(found, page)
    found.add(page)
    page.view.resize(1000, 700)
    page.view.show()
    page.view.activateWindow()
    page.view.setFocus()
    application.processEvents()
    yield found
    page.view.close()
    page.view.deleteLater()


def press(workspace: Workspace, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    assert workspace.page is not None
    QTest.keyClick(workspace.page.view, key, held)


def choose(workspace: Workspace, *ids: str) -> None:
    assert workspace.page is not None
    workspace.page.scene.select(ids)


def test_copy_and_paste_go_through_the_clipboard_as_text(workspace: Workspace, document: FlowDocument) -> None:
    choose(workspace, "answer")
    press(workspace, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().startswith("nodes:\n- name: answer\n")
    press(workspace, Qt.Key.Key_V, CONTROL)
    assert "answer_2" in document.flow.nodes
    assert workspace.selection == ("answer_2",)


def test_cut_takes_away_and_paste_brings_back(workspace: Workspace, document: FlowDocument) -> None:
    choose(workspace, "answer")
    press(workspace, Qt.Key.Key_X, CONTROL)
    assert "answer" not in document.flow.nodes
    assert document.undo_stack.undoText() == "Cut answer"
    press(workspace, Qt.Key.Key_V, CONTROL)
    assert "answer" in document.flow.nodes
    assert document.text("answer.jinja2").startswith("system:")


def test_a_clipboard_without_nodes_is_said(workspace: Workspace) -> None:
    said: list[str] = []
    workspace.notice.connect(said.append)
    QGuiApplication.clipboard().setText("hello")
    press(workspace, Qt.Key.Key_V, CONTROL)
    assert said == ["The clipboard holds no nodes. Copy nodes here, or the part of a flow file that begins with '- name:'."]


def test_duplicate(workspace: Workspace, document: FlowDocument) -> None:
    choose(workspace, "prepare", "answer")
    press(workspace, Qt.Key.Key_D, CONTROL)
    assert workspace.selection == ("prepare_2", "answer_2")


def test_delete_and_the_keyboard_stays_near(workspace: Workspace, document: FlowDocument) -> None:
    choose(workspace, "answer")
    press(workspace, Qt.Key.Key_Delete)
    assert list(document.flow.nodes) == ["prepare"]
    assert workspace.page is not None
    assert workspace.page.scene.current in ("prepare", "@outputs")
    assert document.trash == ["answer.jinja2"]


def test_delete_and_heal(workspace: Workspace, document: FlowDocument) -> None:
    assert workspace.page is not None
    choose(workspace, "prepare")
    press(workspace, Qt.Key.Key_Delete, CONTROL)
    wires = workspace.page.scene.cards.wires
    assert wires[PortRef("answer", "in", "question")].source == PortRef("@inputs", "out", "question")
    assert document.undo_stack.undoText() == "Delete prepare and close the gap"


def test_the_flows_own_cards_stay(workspace: Workspace, document: FlowDocument) -> None:
    said: list[str] = []
    workspace.notice.connect(said.append)
    choose(workspace, "@inputs", "@outputs")
    press(workspace, Qt.Key.Key_Delete)
    assert said == ["The cards of the flow's inputs and outputs always stay."]
    press(workspace, Qt.Key.Key_A, CONTROL)
    press(workspace, Qt.Key.Key_Delete)
    assert not document.flow.nodes
    assert document.undo_stack.count() == 1


def test_undo_and_redo(workspace: Workspace, document: FlowDocument) -> None:
    choose(workspace, "answer")
    press(workspace, Qt.Key.Key_Delete)
    table = commands()
    assert not table["edit.redo"].enabled(workspace)
    table["edit.undo"].run(workspace)
    assert "answer" in document.flow.nodes
    assert not table["edit.undo"].enabled(workspace)
    table["edit.redo"].run(workspace)
    assert "answer" not in document.flow.nodes


def test_without_a_flow_nothing_can_be_done(registry: Registry) -> None:
    empty = Workspace(registry, settings=None)  # pyright: ignore[reportArgumentType]
    mine = [command for id, command in commands().items() if id.startswith(("edit.", "canvas.", "node."))]
    assert mine
    assert not any(command.enabled(empty) for command in mine)
    for command in mine:
        command.run(empty)
