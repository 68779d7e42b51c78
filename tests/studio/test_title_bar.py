"""The row at the top: Run that becomes Stop, what leaves this computer, menus below the mark."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from flowloom.studio.application import Studio
from flowloom.studio.workspace import Page


def test_nothing_overlaps_in_a_narrow_window(studio: Studio, page: Page) -> None:
    studio.window.resize(960, 600)
    QApplication.processEvents()
    bar = studio.window.title
    bar.set_privacy("Sends question and passages to api.example.com, about 0.002 USD a run", quiet=False)
    QApplication.processEvents()
    widgets = [bar.menu_button, bar.tabs, bar.add_button, bar.find_button, bar.chat_button, bar.privacy, bar.run_button]
    edges = [(widget.geometry().left(), widget.geometry().right()) for widget in widgets if widget.isVisible()]
    assert all(first[1] < second[0] for first, second in pairwise(edges)), edges
    assert edges[-1][1] < bar.width()
    assert "api.example.com" in bar.privacy.toolTip()


def test_run_becomes_stop(studio: Studio, page: Page) -> None:
    bar = studio.window.title
    assert bar.run_button.text() == "Run"
    bar.set_running(True)
    assert (bar.run_button.text(), bar.run_button.key) == ("Stop", "Esc")
    bar.set_running(False)
    assert (bar.run_button.text(), bar.run_button.key) == ("Run", "F5")


def test_the_mark_opens_all_menus(studio: Studio) -> None:
    seen: list[str] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seen.extend(action.text() for action in menu.actions())
        menu.close()

    QTimer.singleShot(100, studio, look)
    QTest.mouseClick(studio.window.title.menu_button, Qt.MouseButton.LeftButton)
    assert seen == ["File", "Edit", "Canvas", "Node", "Run", "View", "Help"]


def test_what_leaves_is_told_by_words_and_by_sign(studio: Studio, page: Page) -> None:
    bar = studio.window.title
    bar.set_privacy("Nothing leaves this computer", quiet=True)
    quiet = bar.privacy_icon.pixmap().toImage()
    bar.set_privacy("Sends question to api.example.com", quiet=False)
    assert bar.privacy_icon.pixmap().toImage() != quiet
    assert bar.privacy.text() == "Sends question to api.example.com"


def test_alt_and_a_letter_opens_one_menu(studio: Studio, page: Page) -> None:
    seen: list[str] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seen.append(menu.title())
        menu.close()

    studio.window.activateWindow()
    QTimer.singleShot(150, studio, look)
    QTest.keyClick(page.view, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert seen == ["View"]
