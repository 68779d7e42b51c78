from __future__ import annotations

import pytest

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.errors import UsageError, YamlError
from flowloom.flows.model.edits import (
    ClearPin,
    DeleteCanvasItem,
    SetFlowText,
    SetFrame,
    SetNote,
    SetPin,
    SetPlaces,
    SetText,
    apply,
)

FILES = {"flow.dag.yaml": "nodes:\n- {name: a, type: prompt, source: {path: a.jinja2}}\n", "a.jinja2": "one\r\ntwo\r\n"}


def test_the_canvas_is_a_file_of_its_own() -> None:
    files = FILES
    for edit in (
        SetPlaces({"a": Place(1.5, 2), "@inputs": Place(0, 0)}),
        SetFrame(Frame("f", "Search")),
        SetNote(Note("n", "why")),
        DeleteCanvasItem("f"),
    ):
        files = apply(files, edit).files
    assert files["flow.dag.yaml"] == FILES["flow.dag.yaml"]
    assert files["flow.layout.json"] == (
        '{\n  "version": 1,\n  "nodes": {\n    "a": {"x": 1.5, "y": 2},\n    "@inputs": {"x": 0, "y": 0}\n  },\n'
        '  "frames": [],\n  "notes": [\n    {"id": "n", "text": "why", "x": 0, "y": 0}\n  ]\n}\n'
    )


def test_a_move_that_moves_nothing_changes_nothing() -> None:
    placed = apply(FILES, SetPlaces({"a": Place(1, 2)})).files
    assert apply(placed, SetPlaces({"a": Place(1, 2)})).change.steps == ()


def test_pins() -> None:
    pinned = apply(FILES, SetPin("a", {"x": [1]})).files
    assert '"a": {"output": {"x": [1]}}' in pinned["flow.pins.json"]
    assert '"a"' not in apply(pinned, ClearPin("a")).files["flow.pins.json"]
    with pytest.raises(UsageError, match="no node"):
        apply(FILES, SetPin("b", 1))


def test_texts_change_where_they_differ() -> None:
    applied = apply(FILES, SetText("a.jinja2", "one\r\n2\r\n"))
    assert [(splice.start, splice.end, splice.text) for step in applied.change.steps for splice in step.splices] == [
        (5, 8, "2")
    ]
    made = apply(FILES, SetText("new.py", ""))
    assert made.files["new.py"] == ""
    assert "new.py" not in apply(made.files, made.inverse).files


def test_a_person_may_type_the_flow_itself() -> None:
    typed = apply(FILES, SetFlowText("nodes: []\n"))
    assert typed.files["flow.dag.yaml"] == "nodes: []\n"
    assert apply(typed.files, typed.inverse).files == FILES
    with pytest.raises(YamlError):
        apply(FILES, SetFlowText("nodes: ["))
