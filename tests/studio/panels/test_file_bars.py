"""Changed outside and recovered work: one question, and what each answer does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.edits import SetText
from flowloom.studio.application import Studio, open_path
from flowloom.studio.dialogs.difference import DifferenceDialog
from flowloom.studio.panels.file_bars import OutsideBar, RecoveryBar
from flowloom.studio.workspace import Page


def outside(studio: Studio) -> OutsideBar:
    return studio.window.center.findChildren(OutsideBar)[0]


def change(page: Page, text: str) -> None:
    (page.document.root / "answer.jinja2").write_text(text, encoding="utf-8")
    page.parts["watcher"].check()


def test_reload_takes_what_the_disk_holds(studio: Studio, page: Page) -> None:
    assert not outside(studio).isVisible()
    change(page, "user:\nnew {{question}}\n")
    assert outside(studio).isVisible()
    assert "answer.jinja2" in outside(studio).words.text()
    outside(studio).reload_button.click()
    assert page.document.text("answer.jinja2") == "user:\nnew {{question}}\n"
    assert not outside(studio).isVisible()


def test_keep_keeps_and_saving_overwrites(studio: Studio, page: Page) -> None:
    page.document.apply(SetText("answer.jinja2", "user:\nmine {{question}}\n"))
    change(page, "user:\ntheirs\n")
    outside(studio).keep_button.click()
    assert not outside(studio).isVisible()
    studio.workspace.do("file.save")
    assert (page.document.root / "answer.jinja2").read_text() == "user:\nmine {{question}}\n"


def test_the_difference_can_be_seen_first(studio: Studio, page: Page) -> None:
    change(page, "user:\ntheirs\n")
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DifferenceDialog)
        seen.append(dialog.text.toPlainText())
        dialog._choose("reload")

    QTimer.singleShot(50, studio, look)
    outside(studio).difference_button.click()
    assert "+ theirs" in seen[0]
    assert "- {{question}}" in seen[0]
    assert page.document.text("answer.jinja2") == "user:\ntheirs\n"


def test_saving_over_an_unseen_change_asks_instead(studio: Studio, page: Page) -> None:
    page.document.apply(SetText("answer.jinja2", "user:\nmine {{question}}\n"))
    (page.document.root / "answer.jinja2").write_text("user:\ntheirs\n", encoding="utf-8")
    studio.workspace.do("file.save")
    assert outside(studio).isVisible()
    assert (page.document.root / "answer.jinja2").read_text() == "user:\ntheirs\n"


def test_work_of_a_studio_that_ended_is_offered_and_recovered(studio: Studio, flow_folder: Path) -> None:
    text = "user:\nunsaved {{question}}\n"
    program = f"""
from flowloom.flows.document.backup import Backup, keep_backup
keep_backup({str(flow_folder)!r}, Backup("flow.dag.yaml", {{"answer.jinja2": {text!r}}}))
"""
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ)
    page = open_path(studio.workspace, flow_folder)
    QApplication.processEvents()
    bar = studio.window.center.findChildren(RecoveryBar)[0]
    assert bar.isVisible()
    bar.recover_button.click()
    assert page.document.text("answer.jinja2") == text
    assert page.document.modified
    assert not bar.isVisible()
