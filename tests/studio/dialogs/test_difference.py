"""The difference between the screen and the disk."""

from __future__ import annotations

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.difference import DifferenceDialog, lines
from flowloom.studio.document.watch import FileDifference


def test_lines_are_marked() -> None:
    assert lines("a\nb\nc", "a\nB\nc") == [("@", ""), (" ", "a"), ("-", "b"), ("+", "B"), (" ", "c")]
    assert lines("same", "same") == []
    assert lines(None, "new") == [("@", ""), ("+", "new")]


def test_files_are_chosen_and_new_and_deleted_ones_are_said(studio: Studio) -> None:
    found = (FileDifference("a.py", "x = 1\n", "x = 2\n"), FileDifference("b.py", "gone\n", None), FileDifference("c.py", None, "new\n"))
    dialog = DifferenceDialog(found, studio.window)
    assert "- x = 1" in dialog.text.toPlainText()
    assert "+ x = 2" in dialog.text.toPlainText()
    dialog.files.setCurrentRow(1)
    assert "deleted" in dialog.text.toPlainText()
    dialog.files.setCurrentRow(2)
    assert "new on disk" in dialog.text.toPlainText()
    dialog.deleteLater()
