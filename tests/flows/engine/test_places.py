from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flowloom.flows.engine.places import private_place, state_directory


def test_in_the_flows_own_folder_and_nothing_is_created(tmp_path: Path) -> None:
    assert private_place(tmp_path) == tmp_path.resolve() / ".flowloom"
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_its_place_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    flow, other = tmp_path / "flow", tmp_path / "elsewhere"
    flow.mkdir()
    other.mkdir()
    (flow / ".flowloom").symlink_to(other)
    place = private_place(flow)
    assert (tmp_path / "state") in place.parents
    assert place.name == ".flowloom"
    assert not (tmp_path / "state").exists()


def test_each_folder_has_its_own_place_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    (tmp_path / "link").symlink_to(tmp_path / "gone a")
    gone = [private_place(tmp_path / name) for name in ("gone a", "gone b", "link", "x/../gone a")]
    assert gone[0] == gone[2] == gone[3] != gone[1]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="folders of Linux")
def test_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FLOWLOOM_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_directory() == tmp_path / ".local" / "state" / "flowloom"
    monkeypatch.setenv("XDG_STATE_HOME", "/var/x")
    assert state_directory() == Path("/var/x/flowloom")
    monkeypatch.setenv("FLOWLOOM_STATE", "/var/mine")
    assert state_directory() == Path("/var/mine")
