"""An untrusted folder: one bar, what would run, Trust or Stay restricted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget

from flowloom.studio.application import Studio, open_path
from flowloom.studio.dialogs.message import Message
from flowloom.studio.panels.file_bars import OutsideBar
from flowloom.studio.panels.trust_bar import TrustBar
from flowloom.studio.workspace import Page


@pytest.fixture
def restricted(studio: Studio, flow_folder: Path) -> Page:
    page = open_path(studio.workspace, flow_folder)
    QApplication.processEvents()
    return page


def bar(studio: Studio) -> TrustBar:
    return studio.window.center.findChildren(TrustBar)[0]


def test_trust_puts_the_bar_away_and_is_remembered(studio: Studio, restricted: Page) -> None:
    shown = bar(studio)
    assert shown.isVisible()
    assert "not trusted" in shown.accessibleName()
    QTest.mouseClick(shown.trust_button, Qt.MouseButton.LeftButton)
    assert not shown.isVisible()
    assert restricted.parts["trust"].state == "trusted"


def test_stay_restricted_puts_the_bar_away_and_trusting_stays_possible(studio: Studio, restricted: Page) -> None:
    QTest.mouseClick(bar(studio).stay_button, Qt.MouseButton.LeftButton)
    assert not bar(studio).isVisible()
    assert restricted.parts["trust"].state == "restricted"
    studio.workspace.do("file.trust")
    assert restricted.parts["trust"].state == "trusted"


@pytest.mark.parametrize("answer", ["", "trust"])
def test_what_would_run_is_listed_file_by_file(studio: Studio, restricted: Page, answer: str) -> None:
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        table = dialog.findChildren(QTreeWidget)[0]
        seen.extend(table.topLevelItem(row).text(0) for row in range(table.topLevelItemCount()))
        dialog.buttons[answer].click()

    QTimer.singleShot(50, studio, look)
    bar(studio).look_button.click()
    assert {"flow.dag.yaml", "prepare.py", "answer.jinja2"} <= set(seen)
    assert restricted.parts["trust"].state == ("trusted" if answer else "restricted")


def test_a_change_by_another_program_is_named_once_it_is_seen(studio: Studio, restricted: Page, flow_folder: Path, wait) -> None:
    restricted.parts["trust"].trust()
    (flow_folder / "prepare.py").write_text("import os\n")
    restricted.parts["watcher"].check()
    wait(lambda: restricted.parts["watcher"].outside)
    shown = bar(studio)
    assert not shown.isVisible(), "first it is asked which of the two counts"
    studio.window.center.findChildren(OutsideBar)[0].reload_button.click()
    wait(shown.isVisible)
    assert "prepare.py" in shown.words.text()
