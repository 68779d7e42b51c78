"""Backups on disk: whose they are, and what may be read of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.document import backup
from flowloom.flows.document.backup import Backup, backup_place, drop_backup, forget, keep_backup, left_behind

KEEP = """
import sys
from flowloom.flows.document import backup
from flowloom.flows.document.backup import Backup, keep_backup
keep_backup(sys.argv[1], Backup("flow.dag.yaml", {"a.py": sys.argv[2], "gone.py": None}, {"a.py": "digest"}))
"""


@pytest.fixture(autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path_factory.mktemp("state")))


def data_of(place: Path) -> dict[str, Any]:
    return json.loads(place.read_bytes().partition(b"\n")[2])


def forge(place: Path, text: str, *, mark: bool = True) -> None:
    """Write a backup as somebody would who has this user's key, or without ``mark`` who has not."""
    body = text.encode()
    place.write_bytes((backup._mark(body, backup._key()) if mark else b"0" * 64) + b"\n" + body)


def by_another(root: Path, text: str) -> None:
    """A backup by a process that has ended since."""
    subprocess.run([sys.executable, "-c", KEEP, str(root), text], check=True)


def test_a_backup_of_a_process_that_is_gone_is_found(tmp_path: Path) -> None:
    by_another(tmp_path, "ünsaved\r\n")
    (found,) = left_behind(tmp_path, "flow.dag.yaml")
    assert found.files == {"a.py": "ünsaved\r\n", "gone.py": None}
    assert found.base == {"a.py": "digest"}
    forget(found)
    assert left_behind(tmp_path, "flow.dag.yaml") == []


def test_the_newest_comes_first_and_other_flows_are_left_alone(tmp_path: Path) -> None:
    by_another(tmp_path, "old")
    by_another(tmp_path, "new")
    assert [backup.files["a.py"] for backup in left_behind(tmp_path, "flow.dag.yaml")] == ["new", "old"]
    assert left_behind(tmp_path, "flow.dag") == []
    assert left_behind(tmp_path, "other.yaml") == []


def test_ones_own_is_not_left_behind(tmp_path: Path) -> None:
    keep_backup(tmp_path, Backup("flow.dag.yaml", {"a.py": "x"}))
    assert left_behind(tmp_path, "flow.dag.yaml") == []
    drop_backup(tmp_path, "flow.dag.yaml")
    assert not backup_place(tmp_path, "flow.dag.yaml").exists()


def test_a_number_that_another_process_bears_now_is_told_apart(tmp_path: Path) -> None:
    place = keep_backup(tmp_path, Backup("flow.dag.yaml", {"a.py": "x"}))
    data = data_of(place)
    assert data["process"]["started"] or sys.platform != "linux"
    data["process"]["started"] = "long ago"
    forge(place, json.dumps(data))
    assert len(left_behind(tmp_path, "flow.dag.yaml")) == 1


@pytest.mark.parametrize("path", ["../outside.py", "/etc/passwd", "a\0b"])
def test_a_backup_cannot_reach_out_of_the_folder(tmp_path: Path, path: str) -> None:
    by_another(tmp_path, "x")
    place = next((tmp_path / ".flowloom" / "backup").iterdir())
    data = data_of(place)
    data["files"] = {path: "evil"}
    forge(place, json.dumps(data))
    assert left_behind(tmp_path, "flow.dag.yaml") == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "flow": "flow.dag.yaml", "process": 3}'])
def test_a_damaged_backup_is_passed_over(tmp_path: Path, text: str) -> None:
    by_another(tmp_path, "x")
    forge(tmp_path / ".flowloom" / "backup" / "flow.dag.yaml.1.json", text)
    assert len(left_behind(tmp_path, "flow.dag.yaml")) == 1


def test_half_characters_survive(tmp_path: Path) -> None:
    place = keep_backup(tmp_path, Backup("flow.dag.yaml", {"a.py": "\ud83d\x00"}))
    assert data_of(place)["files"]["a.py"] == "\ud83d\x00"


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    assert left_behind(tmp_path, "flow.dag.yaml") == []
    drop_backup(tmp_path, "flow.dag.yaml")
    assert os.listdir(tmp_path) == []


def test_a_folder_cannot_bring_unsaved_work_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovering makes it the person's own, and so trusted: only what was written on this computer by this user may be."""
    by_another(tmp_path, "x")
    place = next((tmp_path / ".flowloom" / "backup").iterdir())
    data = data_of(place)
    forge(place, json.dumps(data))
    assert len(left_behind(tmp_path, "flow.dag.yaml")) == 1
    data["files"] = {"a.py": "evil"}
    forge(place, json.dumps(data), mark=False)
    assert left_behind(tmp_path, "flow.dag.yaml") == []
    forge(place, json.dumps(data))
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "somebody else's"))
    assert left_behind(tmp_path, "flow.dag.yaml") == []
    assert not (tmp_path / "somebody else's").exists(), "looking makes nothing"


def test_the_key_is_for_this_user_alone(tmp_path: Path) -> None:
    place = keep_backup(tmp_path, Backup("flow.dag.yaml", {"a.py": "x"}))
    assert place.exists()
    key = Path(os.environ["FLOWLOOM_STATE"]) / "backup.key"
    assert key.stat().st_mode & 0o077 == 0
    before = key.read_bytes()
    keep_backup(tmp_path, Backup("flow.dag.yaml", {"a.py": "y"}))
    assert key.read_bytes() == before
