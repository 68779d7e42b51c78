"""Folders to start from are copied whole, and never over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.templates import copy_folder, copy_template, templates
from flowloom.flows.errors import UsageError


def test_a_template_is_copied_whole(tmp_path: Path) -> None:
    source = templates()["demo"]
    copy_template("demo", tmp_path / "mine")
    expected = {path.relative_to(source): path.read_bytes() for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    found = {path.relative_to(tmp_path / "mine"): path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()}
    assert {path: data for path, data in expected.items() if ".flowloom" not in path.parts} == found


def test_an_unknown_template_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        copy_template("nothing", tmp_path / "mine")
    assert "demo" in raised.value.hint


def test_records_of_runs_stay_behind(tmp_path: Path) -> None:
    (tmp_path / "flow" / ".flowloom").mkdir(parents=True)
    (tmp_path / "flow" / ".flowloom" / "runs.sqlite").write_text("x")
    (tmp_path / "flow" / "a.py").write_text("x")
    copy_folder(tmp_path / "flow", tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["a.py"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "b").write_text("")
    with pytest.raises(UsageError, match="not empty"):
        copy_folder(tmp_path / "a", tmp_path / "full")
    with pytest.raises(UsageError, match="cannot be made"):
        copy_folder(tmp_path / "a", tmp_path / "full" / "b" / "c")
