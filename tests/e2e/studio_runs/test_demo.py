"""The demo as a newcomer meets it: open, F5, words on the cards; on the model on this computer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom import resources
from flowloom.flows.runs.history import RunHistory
from flowloom.studio.run.run_view import view_of


@pytest.mark.model
def test_f5_streams_words_onto_the_card_and_the_run_opens_again(room: Any, tmp_path: Path) -> None:
    shutil.copytree(resources.path("templates/demo"), tmp_path / "demo")
    page = room.open(tmp_path / "demo")
    runner = page.parts["runner"]
    seen: list[str] = []
    runner.changed.connect(lambda _names: seen.append(page.scene.card_items["reply"].marks.text))
    room.studio.window.activateWindow()
    page.view.setFocus()
    room.wait(lambda: room.studio.window.isActiveWindow() and room.workspace.parts["actions"].action("run.run").isEnabled())
    QTest.keyClick(page.view, Qt.Key.Key_F5)
    room.wait(lambda: runner.last is not None and not runner.running, 90)
    view = runner.last
    assert (view.status, view.outputs["team"]) == ("completed", "Shipping team")
    room.wait(lambda: page.scene.card_items["card"].marks.state == "completed")
    streamed = [text for text in dict.fromkeys(seen) if text]
    assert len(streamed) > 3, "the reply came in one piece"
    assert view.usage.total_tokens > 100
    assert view.usage.price == 0.0
    assert view.nodes["reply"].exchanges[0][0]["messages"]
    room.wait(lambda: RunHistory(tmp_path / "demo").list(status="completed"), 10)
    again = view_of(RunHistory(tmp_path / "demo").load(view.run_id))
    runner.show(again)
    assert page.scene.card_items["reply"].marks.text
    assert again.outputs == view.outputs
