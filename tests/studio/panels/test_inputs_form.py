"""What the next run is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from flowloom.flows.model.edits import AddFlowInput
from flowloom.studio.panels.inputs_form import InputsForm
from flowloom.studio.run.remembered import remembered
from flowloom.studio.run.runner import Ask, Runner


@pytest.fixture
def workspace(open_flow: Callable, letters: Path) -> Any:
    return open_flow(letters)


@pytest.fixture
def form(workspace: Any) -> InputsForm:
    made = InputsForm(workspace)
    made.show()
    return made


def _type(form: InputsForm, name: str, text: str) -> None:
    editor = form.fields.fields[name].editor
    if isinstance(editor, QPlainTextEdit):
        editor.setPlainText(text)
    else:
        assert isinstance(editor, QLineEdit)
        editor.setText(text)


def test_what_is_typed_is_what_runs_and_is_remembered(form: InputsForm, workspace: Any, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    _type(form, "text", "ab")
    _type(form, "times", "3")
    assert run_to_end(workspace).outputs == {"result": "ABABAB"}
    wait(lambda: remembered(letters, "flow.dag.yaml") == {"text": "ab", "times": 3})


def test_fields_follow_the_flow(form: InputsForm, workspace: Any, wait: Callable) -> None:
    workspace.document.apply(AddFlowInput("tone", "string", default="kind"))
    wait(lambda: list(form.fields.fields) == ["text", "times", "tone"])


def test_a_value_that_is_needed_is_asked_for_at_its_field(form: InputsForm, workspace: Any) -> None:
    asked: list[str] = []
    workspace.command_asked.connect(asked.append)
    runner: Runner = workspace.page.parts["runner"]
    assert not runner.run(Ask())
    assert form.fields.fields["text"].problem == "The run needs a value here."
    assert asked == ["run.inputs"]


def test_rows_of_a_data_set_fill_the_form(form: InputsForm, workspace: Any, letters: Path) -> None:
    rows = [{"text": "first", "other": 1}, {"text": "second", "times": 7}]
    (letters / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert form.open_data(letters / "rows.jsonl")
    runner: Runner = workspace.page.parts["runner"]
    assert runner.inputs["text"] == "first"
    form.row.setCurrentIndex(1)
    form.row.activated.emit(1)
    assert runner.inputs == {"text": "second", "times": 7}


def test_data_that_cannot_be_read_says_so(form: InputsForm, letters: Path) -> None:
    (letters / "rows.xyz").write_text("")
    assert not form.open_data(letters / "rows.xyz")
    assert form._fault.isVisible()
