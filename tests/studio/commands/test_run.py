"""Running by commands: which can be done when, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from flowloom.flows.model.edits import SetText
from flowloom.studio.commands.run import COMMANDS
from flowloom.studio.run.edit_pin import EditPin

BY_ID = {command.id: command for command in COMMANDS}


@pytest.fixture
def workspace(open_flow: Callable, letters: Path) -> Any:
    found = open_flow(letters)
    found.page.parts["runner"].inputs = {"text": "ab"}
    return found


def _do(workspace: Any, id: str, wait: Callable | None = None) -> None:
    command = BY_ID[id]
    assert command.enabled(workspace), id
    command.run(workspace)
    if wait is not None:
        wait(lambda: not workspace.page.parts["runner"].running, 30)


def test_keys_are_those_people_know() -> None:
    keys = {command.id: command.keys for command in COMMANDS if command.keys}
    assert keys == {"run.run": ("F5",), "run.afresh": ("Ctrl+F5",), "run.to_here": ("F6",), "run.only": ("Shift+F6",), "run.stop": ("Esc",), "run.replay": ("Shift+F5",)}


def test_running_whole_to_a_node_and_one_alone(workspace: Any, wait: Callable) -> None:
    runner = workspace.page.parts["runner"]
    assert not BY_ID["run.to_here"].enabled(workspace)
    _do(workspace, "run.run", wait)
    assert runner.last.outputs == {"result": "ABAB"}
    workspace.page.scene.select(["loud"])
    _do(workspace, "run.to_here", wait)
    assert list(runner.last.nodes) == ["loud"]
    workspace.page.scene.select(["repeat"])
    _do(workspace, "run.only", wait)
    assert runner.last.nodes["repeat"].output == "ABAB"
    _do(workspace, "run.afresh", wait)
    assert not any(node.cached for node in runner.last.nodes.values())


def test_stop_is_there_while_something_runs_and_run_is_not(workspace: Any, wait: Callable) -> None:
    code = workspace.document.text("loud.py").replace("return text.upper()", "while True: pass")
    workspace.document.apply(SetText("loud.py", code))
    assert not BY_ID["run.stop"].enabled(workspace)
    _do(workspace, "run.run")
    wait(lambda: workspace.page.parts["runner"].last.nodes["loud"].status == "running", 30)
    assert not BY_ID["run.run"].enabled(workspace)
    _do(workspace, "run.stop", wait)
    assert workspace.page.parts["runner"].last.status == "cancelled"


def test_a_failed_run_can_be_fixed_and_continued(workspace: Any, wait: Callable) -> None:
    code = workspace.document.text("repeat.py")
    workspace.document.apply(SetText("repeat.py", code.replace("return text * times", "raise ValueError('no')")))
    assert not BY_ID["run.continue"].enabled(workspace)
    _do(workspace, "run.run", wait)
    asked: list[tuple[str, str, int]] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    workspace.page.scene.select(["repeat"])
    _do(workspace, "run.fix")
    assert asked[0][:2] == ("repeat", "repeat.py")
    workspace.document.apply(SetText("repeat.py", code))
    _do(workspace, "run.continue", wait)
    assert workspace.page.parts["runner"].last.outputs == {"result": "ABAB"}


def test_an_output_is_pinned_edited_and_unpinned(workspace: Any, wait: Callable) -> None:
    workspace.window = QWidget()
    workspace.page.scene.select(["loud"])
    assert not BY_ID["run.pin"].enabled(workspace)
    _do(workspace, "run.run", wait)
    _do(workspace, "run.pin")
    assert workspace.document.pins.values == {"loud": "AB"}
    _do(workspace, "run.edit_pin")
    dialog: Any = workspace.window.findChild(EditPin)
    dialog.edit.setPlainText("XY")
    dialog.accept()
    _do(workspace, "run.run", wait)
    assert workspace.page.parts["runner"].last.outputs == {"result": "XYXY"}
    _do(workspace, "run.unpin")
    assert workspace.document.pins.values == {}
    assert not BY_ID["run.unpin"].enabled(workspace)
