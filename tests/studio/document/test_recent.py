"""The flows that were open last."""

from __future__ import annotations

from pathlib import Path

from flowloom.studio.document.recent import MOST, forget, recent, remember


def test_the_last_one_comes_first_and_once(tmp_path: Path) -> None:
    assert recent() == []
    for name in ("a", "b", "a"):
        remember(tmp_path / name, name.upper())
    assert [(Path(entry.path).name, entry.title) for entry in recent()] == [("a", "A"), ("b", "B")]
    assert not recent()[0].exists
    (tmp_path / "a").mkdir()
    assert recent()[0].exists
    forget(tmp_path / "a")
    assert [entry.title for entry in recent()] == ["B"]


def test_the_list_stays_short(tmp_path: Path) -> None:
    for number in range(MOST + 5):
        remember(tmp_path / str(number), str(number))
    assert len(recent()) == MOST
    assert recent()[0].title == str(MOST + 4)


def test_a_damaged_list_begins_anew(tmp_path: Path) -> None:
    remember(tmp_path, "x")
    (tmp_path / "state" / "recent.json").write_text('[{"path": 1')
    assert recent() == []
    remember(tmp_path, "y")
    assert len(recent()) == 1


def test_a_state_directory_that_refuses_costs_the_list_alone(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    remember(tmp_path, "x")
    assert recent() == []
