from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.model.build_parts import Notes, flow_input, flow_output
from flowloom.flows.model.flow import MISSING, Constant


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    text = "inputs:\n  a: {type: string, typ: x}\n  b:\n    tpye: 3\noutputs:\n  o: {type: int, reference: 0}\n"
    return Notes(read(tmp_path / "f.yaml", overlay={"f.yaml": text}))


def test_places_fall_back_to_what_is_around(notes: Notes) -> None:
    notes.error("x", "m", "f", ("inputs", "a", "missing", "deep"))
    notes.error("x", "m", "f", ("nothing",))
    notes.error("x", "m", "f", ("inputs", "a", "type"), key=True)
    assert [(problem.line, problem.column) for problem in notes.problems] == [(2, 6), (1, 1), (2, 7)]


def test_inputs(notes: Notes) -> None:
    item = flow_input(notes, "a", notes.file.data["inputs"]["a"], ("inputs", "a"))
    assert item is not None
    assert item.default is MISSING
    assert [problem.code for problem in notes.problems] == []
    assert flow_input(notes, "q", None, ("inputs", "q"), "object") is not None
    assert flow_input(notes, "q", None, ("inputs", "q")) is None


def test_slips_of_keys_are_warnings(notes: Notes) -> None:
    flow_input(notes, "b", notes.file.data["inputs"]["b"], ("inputs", "b"))
    assert [(problem.code, problem.severity) for problem in notes.problems] == [
        ("key.slip", "warning"),
        ("input.type_missing", "error"),
    ]
    assert "type" in notes.problems[0].fix


@pytest.mark.parametrize(("word", "fix"), [("str", "string"), ("Integer", "int"), ("floot", ""), ("number", "double")])
def test_types_that_do_not_exist_name_the_one_meant(notes: Notes, word: str, fix: str) -> None:
    flow_input(notes, "a", {"type": word}, ("inputs", "a"))
    assert fix in notes.problems[0].fix
    assert word in notes.problems[0].message


def test_outputs(notes: Notes) -> None:
    item = flow_output(notes, "o", notes.file.data["outputs"]["o"], ("outputs", "o"))
    assert item is not None
    assert item.binding == Constant(0)
    assert notes.problems == []
