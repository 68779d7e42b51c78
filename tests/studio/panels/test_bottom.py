"""The tabs below the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.workspace import Page


def test_a_tab_is_opened_by_click_and_by_key(studio: Studio, page: Page) -> None:
    bottom = studio.window.bottom
    assert bottom.current == "timeline"
    QTest.mouseClick(bottom._tabs["problems"], Qt.MouseButton.LeftButton)
    assert bottom.current == "problems"
    QTest.keyClick(studio.window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert bottom.current == "log"


def test_a_hidden_pane_comes_back_with_its_tab(studio: Studio, page: Page) -> None:
    bottom = studio.window.bottom
    QTest.mouseClick(bottom._close, Qt.MouseButton.LeftButton)
    assert not bottom.isVisible()
    assert bottom.show_tab("log") is not None
    assert bottom.isVisible()
    assert bottom.show_tab("nothing") is None


def test_a_panel_without_a_tab_gets_one(studio: Studio, page: Page) -> None:
    bottom = studio.window.bottom
    from flowloom.studio.panels.registry import panels

    later = [panel.id for panel in panels("bottom") if not panel.always]
    for id in later:
        assert id not in bottom._tabs
        assert bottom.show_tab(id) is not None
        assert bottom._tabs[id].isVisible()


def test_the_problems_are_counted_on_their_tab(studio: Studio, page: Page, wait) -> None:
    from flowloom.flows.model.edits import SetInput
    from flowloom.flows.model.flow import Reference

    page.document.apply(SetInput("answer", "question", Reference("node", "nobody", ("output",))))
    wait(lambda: page.document.problems)
    QApplication.processEvents()
    assert studio.window.bottom._tabs["problems"].text() == "Problems  1"
    page.document.undo_stack.undo()
    wait(lambda: not page.document.problems)
    assert studio.window.bottom._tabs["problems"].text() == "Problems"
