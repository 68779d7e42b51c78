"""Inputs are remembered beside the run records."""

from __future__ import annotations

from pathlib import Path

from flowloom.studio.run.remembered import FILE, remember, remembered


def test_values_come_back_by_flow_and_git_does_not_see_them(tmp_path: Path) -> None:
    remember(tmp_path, "a.yaml", {"text": "Grüße", "times": 3, "list": [1, {"x": None}]})
    remember(tmp_path, "b.yaml", {"text": "other"})
    assert remembered(tmp_path, "a.yaml") == {"text": "Grüße", "times": 3, "list": [1, {"x": None}]}
    assert remembered(tmp_path, "b.yaml") == {"text": "other"}
    assert remembered(tmp_path, "c.yaml") == {}
    assert (tmp_path / ".flowloom" / ".gitignore").read_text() == "*\n"


def test_a_broken_file_is_no_obstacle(tmp_path: Path) -> None:
    remember(tmp_path, "a.yaml", {"text": "x"})
    (tmp_path / ".flowloom" / FILE).write_text("{broken")
    assert remembered(tmp_path, "a.yaml") == {}
    remember(tmp_path, "a.yaml", {"text": "again"})
    assert remembered(tmp_path, "a.yaml") == {"text": "again"}


def test_looking_creates_nothing(tmp_path: Path) -> None:
    remembered(tmp_path, "a.yaml")
    assert list(tmp_path.iterdir()) == []
