"""The Use face: a form or a chat, no graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from flowloom.flows.model.edits import SetText
from flowloom.studio.commands.table import commands
from flowloom.studio.panels.use import UsePanel
from flowloom.studio.workspace import Workspace


def _panel(workspace: Workspace) -> UsePanel:
    workspace.command_asked.connect(lambda id: commands()[id].run(workspace))
    panel = UsePanel(workspace)
    panel.resize(1000, 800)
    panel.show()
    return panel


def test_a_person_fills_in_runs_reads_and_copies(open_flow: Callable, letters: Path, wait: Callable) -> None:
    workspace = open_flow(letters)
    panel = _panel(workspace)
    form = panel.form
    editor = form.fields.fields["text"].editor
    assert isinstance(editor, QPlainTextEdit)
    QTest.keyClicks(editor, "ab")
    assert not form.outputs["result"].isVisible()
    QTest.mouseClick(form.button, Qt.MouseButton.LeftButton)
    wait(lambda: form.outputs["result"].isVisible() and form.outputs["result"].value == "ABAB", 30)
    assert form.outputs["result"].plain.text() == "ABAB"
    form.outputs["result"].copy_button.click()
    assert QApplication.clipboard().text() == "ABAB"
    assert panel._privacy.text() == "Nothing leaves this computer"


def test_a_value_that_is_missing_is_asked_for_and_a_failure_is_one_sentence(open_flow: Callable, letters: Path, wait: Callable) -> None:
    workspace = open_flow(letters)
    panel = _panel(workspace)
    form = panel.form
    form.button.click()
    assert form.fields.fields["text"].problem == "The run needs a value here."
    code = workspace.document.text("loud.py").replace("return text.upper()", "raise ValueError('not today')")
    workspace.document.apply(SetText("loud.py", code))
    form.fields.set_values({"text": "ab"})
    form.button.click()
    wait(lambda: form._fault.isVisible(), 30)
    assert "not today" in form._fault_words.text()
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    form._fix.click()
    assert asked[0][0] == "loud"


def test_it_can_be_stopped(open_flow: Callable, letters: Path, wait: Callable) -> None:
    workspace = open_flow(letters)
    panel = _panel(workspace)
    code = workspace.document.text("loud.py").replace("return text.upper()", "while True: pass")
    workspace.document.apply(SetText("loud.py", code))
    panel.form.fields.set_values({"text": "ab"})
    panel.form.button.click()
    wait(lambda: panel.form.button.text() == "Stop" and "loud" in panel.form._status.text(), 30)
    panel.form.button.click()
    wait(lambda: panel.form.button.text() == "Run", 5)
    assert "stopped" in panel.form._status.text()


def test_a_chat_flow_is_a_chat(open_flow: Callable, tmp_path: Path) -> None:
    import shutil

    from flowloom import resources

    shutil.copytree(resources.path("templates/chat"), tmp_path / "chat")
    panel = _panel(open_flow(tmp_path / "chat", trusted=False))
    assert panel.chat.isVisible()
    assert not panel.form.isVisible()


def test_a_flow_that_is_one_program_shows_what_it_gives(open_flow: Callable, tmp_path: Path, wait: Callable) -> None:
    root = tmp_path / "flex"
    root.mkdir()
    (root / "flow.flex.yaml").write_text("entry: program:shout\n")
    (root / "program.py").write_text("def shout(text: str) -> dict:\n    return {'loud': text.upper(), 'fine': True}\n")
    panel = _panel(open_flow(root))
    panel.form.fields.set_values({"text": "ab"})
    panel.form.button.click()
    wait(lambda: set(panel.form.outputs) == {"loud", "fine"}, 30)
    assert [panel.form.outputs[name].plain.text() for name in ("loud", "fine")] == ["AB", "yes"]
