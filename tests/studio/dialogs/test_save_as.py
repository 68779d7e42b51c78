"""Saving to another folder offers a free name beside the flow."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.save_as import SaveAsDialog
from flowloom.studio.workspace import Page


def test_the_flow_goes_on_in_the_new_folder(studio: Studio, page: Page) -> None:
    before = page.document.root

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SaveAsDialog)
        assert dialog.folder == before.parent / "flow-2"
        QTest.keyClick(dialog.fields.name, Qt.Key.Key_Return)

    QTimer.singleShot(100, studio, accept)
    QTest.keyClick(studio.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert page.document.root == before.parent / "flow-2"
    assert (before.parent / "flow-2" / "prepare.py").is_file()
    assert studio.window.windowTitle() == "flow-2 - Flowloom"
