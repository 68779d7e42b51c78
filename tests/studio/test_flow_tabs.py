"""Open flows as tabs: chosen, marked while unsaved, closed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from flowloom.flows.model.edits import RenameNode, SetFlowKey
from flowloom.studio.application import Studio, open_path
from flowloom.studio.workspace import Page


def second(studio: Studio, tmp_path: Path) -> Page:
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text("display_name: The & other\ninputs: {}\noutputs: {}\nnodes: []\n")
    return open_path(studio.workspace, folder)


def click(studio: Studio, index: int, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    tabs = studio.window.title.tabs
    QTest.mouseClick(tabs, button, pos=tabs.tabRect(index).center())


def test_a_click_shows_the_flow(studio: Studio, page: Page, tmp_path: Path) -> None:
    other = second(studio, tmp_path)
    assert studio.window.title.tabs.tabText(1) == "The && other"
    click(studio, 0)
    assert studio.workspace.page is page
    click(studio, 1)
    assert studio.workspace.page is other


def test_the_middle_button_closes(studio: Studio, page: Page, tmp_path: Path) -> None:
    second(studio, tmp_path)
    click(studio, 1, Qt.MouseButton.MiddleButton)
    assert studio.workspace.pages == [page]
    assert studio.window.title.tabs.count() == 1


def test_what_is_not_saved_is_marked(studio: Studio, page: Page) -> None:
    tabs = studio.window.title.tabs
    button = tabs.tabButton(0, QTabBar.ButtonPosition.RightSide)
    assert button is not None
    assert button.accessibleName() == "Close this flow"
    page.document.apply(RenameNode("answer", "reply"))
    assert button.accessibleName() == "Not saved yet. Close this flow"
    page.document.undo_stack.undo()
    assert button.accessibleName() == "Close this flow"


def test_the_tab_follows_the_flows_name(studio: Studio, page: Page) -> None:
    page.document.apply(SetFlowKey(("display_name",), "Answers"))
    assert studio.window.title.tabs.tabText(0) == "Answers"
