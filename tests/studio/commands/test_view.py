"""What is shown follows its keys and its ticks in the menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio, open_path
from flowloom.studio.theme import theme
from flowloom.studio.workspace import Page

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_ticks_tell_what_is_shown(studio: Studio, page: Page, wait) -> None:
    table = studio.window.actions_table
    wait(lambda: table.action("view.library").isChecked())
    assert not table.action("view.outline").isChecked()
    QTest.keyClick(page.view, Qt.Key.Key_2, CTRL)
    wait(lambda: table.action("view.outline").isChecked())


def test_themes_by_command(studio: Studio) -> None:
    studio.workspace.do("view.light")
    assert theme.current().name == "light"
    studio.workspace.do("view.dark")
    assert theme.current().name == "dark"


def test_ctrl_tab_goes_through_the_flows(studio: Studio, page: Page, tmp_path: Path, wait) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text("inputs: {}\noutputs: {}\nnodes: []\n")
    second = open_path(studio.workspace, folder)
    wait(lambda: studio.window.actions_table.action("view.next_flow").isEnabled())
    QTest.keyClick(second.view, Qt.Key.Key_Tab, CTRL)
    assert studio.workspace.page is page
    QTest.keyClick(page.view, Qt.Key.Key_Tab, CTRL)
    assert studio.workspace.page is second


def test_the_face_is_switched_by_key(studio: Studio, page: Page, wait) -> None:
    wait(lambda: studio.window.actions_table.action("view.use").isEnabled())
    QTest.keyClick(page.view, Qt.Key.Key_U, CTRL | SHIFT)
    assert studio.window.center.face == "use"
    QTest.keyClick(QApplication.focusWidget() or studio.window, Qt.Key.Key_B, CTRL | SHIFT)
    assert studio.window.center.face == "build"
