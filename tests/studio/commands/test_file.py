"""File commands by their keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from flowloom.flows.model.edits import SetText
from flowloom.studio.application import Studio
from flowloom.studio.commands.file import flows_folder, open_at
from flowloom.studio.dialogs.message import Message
from flowloom.studio.workspace import Page

CTRL = Qt.KeyboardModifier.ControlModifier


def test_ctrl_s_saves(studio: Studio, page: Page, wait) -> None:
    page.document.apply(SetText("answer.jinja2", "user:\nmore {{question}}\n"))
    wait(lambda: studio.window.actions_table.action("file.save").isEnabled())
    QTest.keyClick(page.view, Qt.Key.Key_S, CTRL)
    assert (page.document.root / "answer.jinja2").read_text() == "user:\nmore {{question}}\n"
    assert not page.document.modified


def test_ctrl_o_opens_a_folder(studio: Studio, flow_folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(flow_folder))
    QTest.keyClick(studio.window, Qt.Key.Key_O, CTRL)
    assert studio.workspace.page is not None
    assert studio.workspace.page.document.root == flow_folder


def test_a_folder_without_a_flow_is_told(studio: Studio, tmp_path: Path) -> None:
    words: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        words.append(dialog.accessibleDescription())
        dialog.accept()

    QTimer.singleShot(50, studio, look)
    assert not open_at(studio.workspace, tmp_path)
    assert words
    assert words[0]


def test_checking_the_disk_says_that_all_is_well(studio: Studio, page: Page) -> None:
    said: list[str] = []
    studio.workspace.notice.connect(said.append)
    studio.workspace.do("file.reload")
    assert said == ["The files on disk are those you see here."]


def test_new_flows_go_where_the_last_one_went(studio: Studio, tmp_path: Path) -> None:
    assert flows_folder(studio.workspace) == tmp_path
    studio.settings.set("flows_folder", str(tmp_path / "gone"))
    assert flows_folder(studio.workspace).name == "Flowloom"
