"""Everything can be found and done by typing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.palette import Palette
from flowloom.studio.panels.popup import SearchPopup
from flowloom.studio.workspace import Page


def opened(studio: Studio) -> Palette:
    studio.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(studio.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    found = QApplication.activePopupWidget()
    assert isinstance(found, Palette)
    return found


def titles(popup: SearchPopup) -> list[str]:
    return [row.title for row in popup.list.rows if not row.heading]


def test_an_action_is_found_by_part_of_its_name_and_done(studio: Studio, page: Page) -> None:
    popup = opened(studio)
    QTest.keyClicks(popup.field, "outl")
    assert titles(popup)[0] == "Outline"
    assert popup.list.rows[1].note == "Ctrl+2"
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert studio.window.docks["outline"].isVisible()
    again = opened(studio)
    assert titles(again)[0] == "Outline"
    again.close()


def test_a_card_is_found_and_shown(studio: Studio, page: Page) -> None:
    popup = opened(studio)
    QTest.keyClicks(popup.field, "prepare")
    assert titles(popup)[0] == "prepare"
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert studio.workspace.selection == ("prepare",)


def test_a_node_is_added(studio: Studio, page: Page) -> None:
    popup = opened(studio)
    QTest.keyClicks(popup.field, "split a te")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert any(node.source.tool == "loom.text.split" for node in page.document.flow.nodes.values())


def test_what_cannot_be_done_now_is_not_offered(studio: Studio) -> None:
    popup = opened(studio)
    QTest.keyClicks(popup.field, "save")
    assert "Save" not in titles(popup)
    popup.close()


def test_arrows_pass_over_headings_and_escape_leaves(studio: Studio, page: Page) -> None:
    popup = opened(studio)
    QTest.keyClicks(popup.field, "a")
    values = {popup.list.current_value}
    for _ in range(len(popup.list.rows)):
        QTest.keyClick(popup.field, Qt.Key.Key_Down)
        values.add(popup.list.current_value)
    assert values == {row.value for row in popup.list.rows if not row.heading}
    QTest.keyClick(popup.field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert QApplication.activePopupWidget() is None


def test_flows_that_were_open_are_opened_again_by_keys(studio: Studio, page: Page) -> None:
    from flowloom.studio.panels.palette import RecentPopup

    studio.workspace.do("file.close")
    studio.workspace.do("file.recent")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, RecentPopup)
    assert titles(popup) == ["flow"]
    QTest.keyClicks(popup.field, "fl")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.title == "flow"
