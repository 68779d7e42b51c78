"""A notice: said to the eye and to a screen reader, with buttons that act."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.application import Studio
from flowloom.studio.panels.bars import Bar, PageBars
from flowloom.studio.workspace import Page


def test_a_bar_speaks_and_acts(application: QApplication) -> None:
    done: list[str] = []
    parent = QWidget()
    bar = Bar(parent, "info", "warn")
    bar.say("Something changed", "What it means")
    button = bar.offer("Act", lambda: done.append("act"), "primary")
    assert (bar.accessibleName(), bar.accessibleDescription()) == ("Something changed", "What it means")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["act"]
    parent.deleteLater()


def test_words_wrap_in_a_narrow_window_and_nothing_is_cut(studio: Studio, page: Page) -> None:
    page.parts["trust"].distrust()
    studio.window.resize(900, 600)
    QApplication.processEvents()
    bars = studio.window.center.findChildren(PageBars)[0]
    shown = bars.trust
    assert shown.isVisible()
    needed = shown.title.heightForWidth(shown.title.width())
    assert shown.title.height() >= needed
    assert shown.trust_button.geometry().right() <= shown.width()
