from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from flowloom.flows.document.private_folder import move_to_trash, private_folder
from flowloom.flows.errors import PathError


def test_git_never_sees_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (private_folder(tmp_path, "cache", "blobs") / "x").write_text("1")
    shown = subprocess.run(["git", "status", "--short"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert shown.stdout == ""
    assert private_folder(tmp_path) == tmp_path / ".flowloom"


def test_it_stays_inside_the_flow(tmp_path: Path) -> None:
    root = tmp_path / "flow"
    root.mkdir()
    (root / ".flowloom").symlink_to(tmp_path)
    with pytest.raises(PathError):
        private_folder(root)
    (root / ".flowloom").unlink()
    with pytest.raises(PathError):
        private_folder(root, "..", "x")


def test_trash_keeps_every_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for text in ("first", "second"):
        (tmp_path / "a.py").write_text(text)
        (tmp_path / "sub" / "a.py").write_text(text)
        moved = move_to_trash(tmp_path, ["a.py", "sub/a.py", "gone.py"])
        assert {name: place.read_text() for name, place in moved.items()} == {"a.py": text, "sub/a.py": text}
    assert not (tmp_path / "a.py").exists()
    kept = [place for place in (tmp_path / ".flowloom" / "trash").rglob("*") if place.is_file()]
    assert len(kept) == 4
    with pytest.raises(PathError):
        move_to_trash(tmp_path, ["../x"])
