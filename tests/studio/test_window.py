"""The window as a person meets it: welcome first, panels that come and go and are remembered, every panel by keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio, close_page, open_path
from flowloom.studio.workspace import Page


def key(studio: Studio, code: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or studio.window, code, modifier)
    QApplication.processEvents()


CTRL = Qt.KeyboardModifier.ControlModifier


def test_it_starts_with_the_welcome_page_and_nothing_else(studio: Studio) -> None:
    window = studio.window
    assert window.center.currentWidget().accessibleName() == "Welcome"
    assert not window.bottom.isVisible()
    assert not any(dock.isVisible() for dock in window.docks.values())
    assert not window.title.run_button.isVisible()


def test_an_open_flow_brings_the_panels_and_its_name(studio: Studio, page: Page) -> None:
    window = studio.window
    assert window.windowTitle() == "flow - Flowloom"
    assert page.view.isVisible()
    assert window.docks["library"].isVisible()
    assert window.docks["inspector"].isVisible()
    assert window.bottom.isVisible()
    assert window.title.run_button.isVisible()


def test_closing_the_last_flow_leads_back_to_the_welcome_page(studio: Studio, page: Page) -> None:
    close_page(studio.workspace, page)
    assert studio.window.center.currentWidget().accessibleName() == "Welcome"
    assert not studio.window.bottom.isVisible()
    assert studio.window.windowTitle() == "Flowloom"


def test_panels_hide_and_show_by_key_and_are_remembered(studio: Studio, page: Page, flow_folder: Path) -> None:
    key(studio, Qt.Key.Key_1, CTRL)
    assert not studio.window.docks["library"].isVisible()
    key(studio, Qt.Key.Key_J, CTRL)
    assert not studio.window.bottom.isVisible()
    studio.window.remember()
    again = Studio(studio.application, studio.settings)
    again.show()
    opened = open_path(again.workspace, flow_folder)
    QApplication.processEvents()
    try:
        assert not again.window.docks["library"].isVisible()
        assert not again.window.bottom.isVisible()
        assert again.window.docks["inspector"].isVisible()
    finally:
        close_page(again.workspace, opened)
        again.window.release()
        again.window.deleteLater()
        again.deleteLater()


def test_keys_lead_through_all_panels_and_back(studio: Studio, page: Page) -> None:
    window = studio.window
    QApplication.processEvents()
    places = {**window.docks, "center": window.center, "bottom": window.bottom}

    def here() -> str:
        return next((name for name, place in places.items() if place.isAncestorOf(QApplication.focusWidget())), "")

    page.view.setFocus()
    seen = [here()]
    for _ in range(4):
        key(studio, Qt.Key.Key_F6, CTRL)
        seen.append(here())
    assert seen == ["center", "inspector", "bottom", "library", "center"]
    key(studio, Qt.Key.Key_F6, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert here() == "library"


def test_a_place_that_is_asked_for_is_shown(studio: Studio, page: Page) -> None:
    studio.workspace.place_asked.emit("answer", "", 0)
    QApplication.processEvents()
    assert studio.workspace.selection == ("answer",)
    assert page.view.visible_rect().contains(page.scene.rect("answer").center())


def test_the_use_face_puts_the_graph_away_and_back(studio: Studio, page: Page) -> None:
    window = studio.window
    window.title.use_button.click()
    assert not page.view.isVisible()
    assert not window.docks["library"].isVisible()
    window.title.build_button.click()
    assert page.view.isVisible()
    assert window.docks["library"].isVisible()


def test_a_second_window_takes_over_with_everything_open(studio: Studio, page: Page) -> None:
    studio.settings.set("language", "zh_CN")
    QApplication.processEvents()
    QApplication.processEvents()
    assert page.view.window() is studio.window
    assert page.view.isVisible()
    assert studio.window.docks["library"].isVisible()
    studio.settings.set("language", "en")
    QApplication.processEvents()
    QApplication.processEvents()
    assert page.view.isVisible()


def test_menus_are_reached_without_a_mouse(studio: Studio, page: Page) -> None:
    studio.settings.set("menu_bar", False)
    studio.workspace.do("view.menu_bar")
    assert studio.window.menus.isVisible()
    assert [action.text() for action in studio.window.menus.actions()] == [
        "&File", "&Edit", "&Canvas", "&Node", "&Run", "&View", "&Help"
    ]  # fmt: skip
    key(studio, Qt.Key.Key_F10)
    opened = QApplication.activePopupWidget()
    assert opened is None or opened.title() == "&File"
    if opened is not None:
        opened.close()


def test_a_folder_dropped_on_the_window_opens(studio: Studio, flow_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(flow_folder))])
    where, copy = QPointF(400, 300), Qt.DropAction.CopyAction
    left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, data, left, no_key)
    QApplication.sendEvent(studio.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(studio.window, QDropEvent(where, copy, data, left, no_key))
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == flow_folder
