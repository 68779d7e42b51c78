"""A name and a place that together make a new folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.dialogs.folder_fields import FolderFields


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "name"), ("a/b", "cannot hold"), ("a:b", "cannot hold"), ("..", "cannot hold"), ("full", "already"), ("file", "already")],
)
def test_what_cannot_be_made_is_said(application: QApplication, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    (tmp_path / "file").write_text("")
    parent = QWidget()
    fields = FolderFields("fine", tmp_path, parent)
    assert fields.fits
    assert fields.words.text() == str(tmp_path / "fine")
    fields.name.clear()
    QTest.keyClicks(fields.name, name)
    assert not fields.fits
    assert words in fields.words.text()
    parent.deleteLater()


def test_a_home_may_be_written_as_a_tilde(application: QApplication, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    parent = QWidget()
    fields = FolderFields("fine", Path("~"), parent)
    assert fields.folder == tmp_path / "fine"
    parent.deleteLater()
