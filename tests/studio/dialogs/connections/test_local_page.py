"""The model on this computer, seen and fetched by a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.studio.dialogs.connections.local_page import LocalPage
from flowloom.studio.workspace import Workspace


@pytest.fixture
def page(bare: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPage]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = LocalPage(bare)
    yield made
    made.close_child()


def test_a_model_that_is_not_here_is_offered_to_be_fetched(page: LocalPage, wait: Callable) -> None:
    page.show()
    page.look()
    wait(lambda: page.status, 30)
    assert not page.status["present"]
    assert "is not here yet" in page.state.text() or "not installed" in page.state.text()
    assert page.download_button.isVisible() is bool(page.status["runtime"])


def test_a_fetch_shows_how_far_it_is_and_can_be_cancelled(page: LocalPage, wait: Callable) -> None:
    page.show()
    page._hear({"what": "Fetching", "done": 25_000_000, "total": 100_000_000})
    assert page.progress.value() == 250
    assert page.detail.text() == "Fetching: 25 of 100 MB"
    page._start("download")
    assert page.download_button.text() == "Cancel"
    page.download_button.click()
    assert page.download_button.text() == "Download"
    wait(lambda: page.status, 30)
    assert not page.progress.isVisible()


def test_other_model_files_are_added_by_name(page: LocalPage, tmp_path: Path, wait: Callable) -> None:
    said: list[str] = []
    page._workspace.notice.connect(said.append)
    page.look()
    wait(lambda: page.status and page._child is None, 30)
    (tmp_path / "note.txt").write_text("no model")
    page.add_file(tmp_path / "note.txt")
    assert said == ["This is no GGUF file."]
    (tmp_path / "mine.gguf").write_bytes(b"GGUF" + bytes(2_000_000))
    page.add_file(tmp_path / "mine.gguf")
    wait(lambda: page.files.count() == 1, 30)
    assert page.files.item(0).text().startswith("mine ")
    assert (tmp_path / "mine.gguf").is_file()
