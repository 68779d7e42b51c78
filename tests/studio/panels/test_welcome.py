"""The first page: two clicks to a running demo, templates, recent flows; by keyboard too."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.document.recent import remember
from flowloom.studio.panels.welcome import RecentRow, WelcomePage


def welcome(studio: Studio, wait) -> WelcomePage:
    found = studio.window.center.currentWidget()
    assert isinstance(found, WelcomePage)
    wait(lambda: len(found._tiles) >= 6 and all(tile.isVisible() for tile, _ in found._tiles))
    return found


def test_the_demo_opens_trusted_in_one_click_and_is_kept(studio: Studio, wait, tmp_path: Path) -> None:
    QTest.mouseClick(welcome(studio, wait).tiles["file.demo"], Qt.MouseButton.LeftButton)
    page = studio.workspace.page
    assert page is not None
    assert page.document.root == tmp_path / "demo"
    assert page.parts["trust"].state == "trusted"
    assert studio.window.title.run_button.isEnabled()
    assert "Nothing leaves this computer" in studio.window.title.privacy.text()
    studio.workspace.do("file.close")
    studio.workspace.do("file.demo")
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == tmp_path / "demo"


def test_a_template_starts_a_flow_of_ones_own(studio: Studio, wait, tmp_path: Path) -> None:
    page = welcome(studio, wait)
    tile, template = page._tiles[0]
    assert template.name == "question"
    assert not tile.picture.pixmap().isNull()
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Return)
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == tmp_path / "ask-a-model"
    assert (tmp_path / "ask-a-model" / "flow.dag.yaml").is_file()


def test_recent_flows_are_listed_opened_and_forgotten(studio: Studio, wait, flow_folder: Path, tmp_path: Path) -> None:
    remember(tmp_path / "gone", "Gone")
    remember(flow_folder, "Mine")
    page = welcome(studio, wait)
    page._list_recent()
    QApplication.processEvents()
    rows = page.findChildren(RecentRow)
    rows = [row for row in rows if not row.isHidden()]
    assert [row.accessibleName() for row in rows] == ["Mine", "Gone"]
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == flow_folder


def test_every_choice_is_reached_by_tab(studio: Studio, wait) -> None:
    page = welcome(studio, wait)
    studio.window.activateWindow()
    page.tiles["file.demo"].setFocus()
    seen = set()
    for _ in range(20):
        widget = QApplication.focusWidget()
        seen.add(widget.accessibleName() if widget else "")
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert {"Try the demo", "New flow", "Open folder", "Ask a model", "Chat", "Empty canvas"} <= seen


def test_nothing_is_cut_at_1280_by_800(studio: Studio, wait) -> None:
    page = welcome(studio, wait)
    QApplication.processEvents()
    for tile, _ in page._tiles:
        assert tile.words.height() >= tile.words.heightForWidth(tile.words.width())
    assert page.verticalScrollBar().maximum() == 0
