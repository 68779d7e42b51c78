"""The floating search takes only the room it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.popup import SearchPopup
from flowloom.studio.panels.rows import Row


class Numbers(SearchPopup):
    picked: object = None

    def found(self, text: str) -> list[Row]:
        return [Row(f"number {number}", value=number) for number in range(200) if text in str(number)]

    def choose(self, value: object) -> None:
        Numbers.picked = value


def test_it_fits_the_window_and_shrinks_to_what_was_found(studio: Studio) -> None:
    popup = Numbers(studio.window, "Numbers", "Type", "No {text}.")
    popup.open_over()
    QApplication.processEvents()
    assert popup.height() <= studio.window.height()
    tall = popup.height()
    QTest.keyClicks(popup.field, "199")
    assert popup.height() < tall / 2
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert Numbers.picked == 199
    assert not popup.isVisible()


def test_a_click_chooses(studio: Studio) -> None:
    popup = Numbers(studio.window, "Numbers", "Type", "No {text}.")
    popup.open_over("15")
    where = popup.list.visualRect(popup.list.model().index(1, 0)).center()
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert Numbers.picked == 115


def test_nothing_found_is_said(studio: Studio) -> None:
    popup = Numbers(studio.window, "Numbers", "Type", "No {text}.")
    popup.open_over("x")
    assert popup.words.text() == "No x."
    popup.close()
