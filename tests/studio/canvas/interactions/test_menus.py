"""The menus of the right mouse button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from flowloom.studio.canvas.cards import PortRef

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas


def open_menu(canvas: Canvas, at: QPoint, reason: QContextMenuEvent.Reason = QContextMenuEvent.Reason.Mouse) -> QMenu:
    if reason == QContextMenuEvent.Reason.Mouse:
        canvas.click(at, button=Qt.MouseButton.RightButton)
    port = canvas.view.viewport()
    canvas.application.sendEvent(port, QContextMenuEvent(reason, at, port.mapToGlobal(at)))
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def words(menu: QMenu) -> list[str]:
    return [action.text().partition("\t")[0] for action in menu.actions() if action.text()]


def choose(canvas: Canvas, menu: QMenu, title: str) -> None:
    action = next(action for action in menu.actions() if action.text().partition("\t")[0] == title)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center())
    canvas.application.processEvents()
    # Without a window manager, nothing gives the window back its place when a menu closes.
    canvas.view.activateWindow()
    canvas.application.processEvents()


def test_a_card_offers_what_can_be_done_with_it(canvas: Canvas) -> None:
    menu = open_menu(canvas, canvas.title("answer"))
    assert {"Open", "Rename…", "Connect…", "Duplicate", "Delete", "Delete and close the gap"} <= set(words(menu))
    choose(canvas, menu, "Delete and close the gap")
    assert canvas.wires()[PortRef("@outputs", "in", "answer")] == PortRef("prepare", "out", "output")


def test_a_wire_offers_to_be_cut_or_filled(canvas: Canvas) -> None:
    route = canvas.scene.wire_items[PortRef("answer", "in", "question")].route
    menu = open_menu(canvas, canvas.at(route.middle))
    assert words(menu) == ["Insert a node…", "Disconnect"]
    choose(canvas, menu, "Disconnect")
    assert PortRef("answer", "in", "question") not in canvas.wires()


def test_an_input_of_the_flow_is_renamed_everywhere(canvas: Canvas) -> None:
    menu = open_menu(canvas, canvas.port("@inputs", "out", "question"))
    choose(canvas, menu, "Rename 'question'")
    canvas.type("topic")
    canvas.key(Qt.Key.Key_Return)
    assert "  topic:\n" in canvas.yaml
    assert "text: ${inputs.topic}" in canvas.yaml


def test_empty_canvas_adds_where_it_was_clicked(canvas: Canvas) -> None:
    at = canvas.empty()
    menu = open_menu(canvas, at)
    assert words(menu)[0] == "Add a node…"
    choose(canvas, menu, "Add a node…")
    canvas.type("ask a model")
    canvas.key(Qt.Key.Key_Return)
    corner = canvas.at(canvas.scene.rect("ask_a_model").topLeft())
    assert (corner - at).manhattanLength() < 40


def test_the_menu_key_opens_the_menu_of_the_current_card(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_Right)
    menu = open_menu(canvas, canvas.at(QPointF(0, 0)), QContextMenuEvent.Reason.Keyboard)
    assert "Add an input…" in words(menu), "the flow's inputs are the current card"
    menu.close()
