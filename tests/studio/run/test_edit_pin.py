"""A pinned output is edited as text or JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from flowloom.flows.model.edits import SetPin
from flowloom.studio.run.edit_pin import EditPin, edit_pin


def test_json_must_be_json_before_it_can_be_pinned() -> None:
    dialog = EditPin("search", {"a": 1})
    dialog.edit.setPlainText('{"a": 2')
    assert not dialog.accept_button.isEnabled()
    dialog.edit.setPlainText('{"a": 2}')
    assert dialog.accept_button.isEnabled()
    assert dialog.value == {"a": 2}


def test_a_text_stays_a_text_whatever_it_looks_like() -> None:
    dialog = EditPin("search", "hello")
    dialog.edit.setPlainText("{not json")
    assert (dialog.accept_button.isEnabled(), dialog.value) == (True, "{not json")


def test_accepting_changes_the_pin_and_undo_brings_the_old_one_back(open_flow: Callable, letters: Path) -> None:
    workspace = open_flow(letters, trusted=False)
    workspace.window = QWidget()
    workspace.document.apply(SetPin("loud", "old"))
    edit_pin(workspace, workspace.document, "loud", None)
    dialog: Any = workspace.window.findChild(EditPin)
    dialog.edit.setPlainText("new")
    dialog.accept()
    assert workspace.document.pins.values == {"loud": "new"}
    workspace.document.undo_stack.undo()
    assert workspace.document.pins.values == {"loud": "old"}
