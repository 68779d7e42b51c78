"""Every key is listed, and found by typing."""

from __future__ import annotations

from PySide6.QtTest import QTest

from flowloom.studio.application import Studio
from flowloom.studio.commands.table import commands
from flowloom.studio.dialogs.shortcuts import ShortcutsDialog


def shown(dialog: ShortcutsDialog) -> dict[str, str]:
    found = {}
    for index in range(dialog.table.topLevelItemCount()):
        group = dialog.table.topLevelItem(index)
        for number in range(group.childCount()):
            if not group.isHidden() and not group.child(number).isHidden():
                found[group.child(number).text(0)] = group.child(number).text(1)
    return found


def test_all_keys_are_there_and_searched(studio: Studio) -> None:
    dialog = ShortcutsDialog(studio.window)
    assert {command.title for command in commands().values() if command.keys} <= shown(dialog).keys()
    assert shown(dialog)["Cut across wires"] == "Ctrl+Shift+drag", "what has no command is told too"
    assert shown(dialog)["Save"] == "Ctrl+S"
    QTest.keyClicks(dialog.search, "ctrl+s")
    assert "Save" in shown(dialog)
    assert "New flow" not in shown(dialog)
    dialog.deleteLater()
