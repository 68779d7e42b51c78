"""F1 lists the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.shortcuts import ShortcutsDialog


def test_f1_lists_the_keys(studio: Studio) -> None:
    seen: list[bool] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        seen.append(isinstance(dialog, ShortcutsDialog))
        dialog.accept()

    QTimer.singleShot(80, studio, look)
    QTest.keyClick(studio.window, Qt.Key.Key_F1)
    assert seen == [True]
