"""A new flow from a template, named and placed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.new_flow import NewFlowDialog


def test_by_keys_alone(studio: Studio, tmp_path: Path) -> None:
    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewFlowDialog)
        QTest.keyClick(dialog.templates, Qt.Key.Key_Right)
        assert dialog.templates.currentItem().text() == "Chat"
        assert dialog.fields.name.text() == "chat"
        assert dialog.words.text()
        dialog.fields.name.selectAll()
        QTest.keyClicks(dialog.fields.name, "my-talk")
        QTest.keyClick(dialog.templates, Qt.Key.Key_Left)
        assert dialog.fields.name.text() == "my-talk"
        QTest.keyClick(dialog.fields.name, Qt.Key.Key_Return)

    QTimer.singleShot(100, studio, fill)
    QTest.keyClick(studio.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == tmp_path / "my-talk"
    assert studio.workspace.page.document.title == "Ask a model"
    assert studio.workspace.page.parts["trust"].state == "trusted"


def test_a_folder_that_is_there_is_not_taken(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_text("")
    dialog = NewFlowDialog(studio.workspace, studio.window)
    dialog.fields.name.setText("taken")
    assert not dialog.create_button.isEnabled()
    dialog.create_flow()
    assert dialog.made is None
    dialog.deleteLater()
