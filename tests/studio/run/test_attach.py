"""A page gets what runs its flow, and loses it when it closes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flowloom.studio.application import close_page
from flowloom.studio.run.runner import Runner
from flowloom.studio.run.worker_link import WorkerLink


def test_the_worker_starts_once_the_folder_is_trusted_and_ends_with_the_page(open_flow: Callable, letters: Path, wait: Callable) -> None:
    workspace = open_flow(letters, trusted=False)
    page = workspace.page
    link, runner = page.parts["worker"], page.parts["runner"]
    assert isinstance(link, WorkerLink)
    assert isinstance(runner, Runner)
    assert not link.trusted
    page.parts["trust"].trust()
    assert link.trusted
    wait(lambda: str(link.state) == "ready", 30)
    page.parts["trust"].distrust()
    assert not link.trusted
    close_page(workspace, page)
    assert str(link.state) == "closed"


def test_a_run_that_may_not_begin_is_said_at_the_bottom_of_the_window(open_flow: Callable, letters: Path) -> None:
    workspace = open_flow(letters, trusted=False)
    said: list[str] = []
    workspace.notice.connect(said.append)
    workspace.page.parts["runner"].run()
    assert "not trusted" in said[0]


def test_the_status_bar_says_what_bounds_the_worker(open_flow: Callable, letters: Path, wait: Callable) -> None:
    from PySide6.QtWidgets import QWidget

    from flowloom.studio.status_bar import StatusBar

    workspace = open_flow(letters)
    parent = QWidget()
    bar = StatusBar(workspace, parent)
    wait(lambda: "Files and network: not confined" in bar._worker.toolTip(), 30)
