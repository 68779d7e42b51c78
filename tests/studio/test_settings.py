"""What a person chose is there again at the next start, and a broken file costs only that."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from flowloom.studio.settings import Settings


def test_what_was_set_is_there_in_the_next_start(application: QApplication, tmp_path: Path, wait) -> None:
    settings = Settings(tmp_path)
    heard: list[str] = []
    settings.changed.connect(heard.append)
    settings.set("theme", "light")
    settings.set("theme", "light")
    assert heard == ["theme"]
    wait(lambda: settings.path.exists())
    again = Settings(tmp_path)
    assert (again.get("theme"), again.theme) == ("light", "light")
    again.forget("theme")
    again.save()
    assert Settings(tmp_path).get("theme") is None


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00\xff"])
def test_a_broken_file_begins_anew(application: QApplication, tmp_path: Path, text: str) -> None:
    (tmp_path / "studio.json").write_text(text, encoding="latin-1")
    settings = Settings(tmp_path)
    assert settings.get("theme", "system") == "system"
    settings.set("a", 1)
    settings.save()
    assert Settings(tmp_path).get("a") == 1


def test_a_disk_that_refuses_is_told_and_forgiven(application: QApplication, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "folder")
    settings.set("a", 1)
    settings.save()
    assert "file" in settings.fault
    assert settings.get("a") == 1


def test_node_types_are_counted_as_they_are_used(application: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.count_use("a")
    settings.count_use("b")
    settings.count_use("a")
    assert settings.uses() == {"a": 2, "b": 1}
    settings.set("uses", "nonsense")
    assert settings.uses() == {}


def test_less_motion_is_chosen_or_asked_for_by_the_system(application: QApplication, tmp_path: Path, monkeypatch) -> None:
    settings = Settings(tmp_path)
    assert not settings.reduced_motion
    monkeypatch.setenv("FLOWLOOM_REDUCED_MOTION", "1")
    assert settings.reduced_motion
    settings.set("reduced_motion", False)
    assert not settings.reduced_motion


def test_an_unknown_language_falls_back_to_the_systems(application: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set("language", "tlh")
    assert settings.language in ("en", "zh_CN")
    settings.set("language", "zh_CN")
    assert settings.language == "zh_CN"
