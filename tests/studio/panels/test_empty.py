"""An empty pane says what will be here and offers the one thing to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.panels.empty import EmptyPane


def test_it_speaks_and_offers(application: QApplication) -> None:
    done: list[int] = []
    parent = QWidget()
    pane = EmptyPane("play", "No run yet", "Press F5.", parent, action="Run", does=lambda: done.append(1))
    assert (pane.accessibleName(), pane.accessibleDescription()) == ("No run yet", "Press F5.")
    QTest.mouseClick(pane.button, Qt.MouseButton.LeftButton)
    assert done == [1]
    parent.deleteLater()
