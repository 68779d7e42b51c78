"""The real window with the flow of two nodes open in it, and hands before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.application import Studio
from flowloom.studio.workspace import Page
from tests.e2e.studio_gestures.hands import Hands
from tests.studio.conftest import _qt_is_silent, application, flow_folder, page, registry, studio, wait

__all__ = ["_qt_is_silent", "application", "flow_folder", "page", "registry", "studio", "wait"]


@pytest.fixture
def hands(studio: Studio, page: Page, application: QApplication, wait: Callable[..., None]) -> Iterator[Hands]:
    """The flow of ``flow_folder``, open, trusted, saved, and fitted to the view; the window is 1280 by 800."""
    found = Hands(studio, application, wait)
    found.front()
    page.view.setFocus()
    found.settle()
    watch = _Windows()
    application.installEventFilter(watch)
    yield found
    application.removeEventFilter(watch)
    assert not watch.seen, f"windows flashed up: {watch.seen}"


class _Windows(QObject):
    """Notes every window that appears but menus, dialogs and tips: a widget shown before it has a parent, say."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.windowType() == Qt.WindowType.Window:
            self.seen.append(repr(watched))
        return False


@pytest.fixture
def open_hands(studio: Studio, application: QApplication, wait: Callable[..., None], tmp_path: Path) -> Callable[..., Hands]:
    """``open_hands({"flow.dag.yaml": "..."})`` opens a flow of those files in the window."""
    from flowloom.studio.application import open_path

    def make(files: dict[str, str]) -> Hands:
        root = tmp_path / "opened"
        root.mkdir()
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        opened = open_path(studio.workspace, root)
        opened.parts["trust"].trust()
        found = Hands(studio, application, wait)
        found.settle()
        found.front()
        opened.view.setFocus()
        return found

    return make
