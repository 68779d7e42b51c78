"""The whole window with real workers, without a screen."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, perf_counter, thread_time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from flowloom.studio import language
from flowloom.studio.application import Studio, close_page, open_path
from flowloom.studio.theme import theme
from flowloom.studio.workspace import Page


class Heart(QObject):
    """Beats every five milliseconds of the window's own thread, and notes how long it had to wait for a beat, and how long the thread itself
    was at work meanwhile: all that counts where other programs keep the computer busy. Seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.beats = 0
        self.longest = 0.0
        self.longest_work = 0.0
        self._last, self._worked = perf_counter(), thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        gc.collect()
        self.beats, self.longest, self.longest_work = 0, 0.0, 0.0
        self._last, self._worked = perf_counter(), thread_time()
        self._timer.start(5)

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now, worked = perf_counter(), thread_time()
        self.longest = max(self.longest, now - self._last)
        self.longest_work = max(self.longest_work, worked - self._worked)
        self._last, self._worked = now, worked
        self.beats += 1


class Room:
    """A studio that a test drives: ``open`` a folder, ``wait`` for a condition while events are handled as in the real loop."""

    def __init__(self, application: QApplication, size: tuple[int, int]) -> None:
        self.application = application
        self.studio = Studio(application)
        self.workspace = self.studio.workspace
        self.studio.window.resize(*size)
        self.studio.show()
        self.heart = Heart()

    def open(self, folder: Path) -> Page:
        page = open_path(self.workspace, folder)
        page.parts["trust"].trust()
        return page

    def wait(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Handle events until the condition holds; fails where it never does."""
        end = monotonic() + seconds
        while not condition():
            assert monotonic() < end, f"waited {seconds} s in vain"
            self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def close(self) -> None:
        self.heart.stop()
        for page in list(self.workspace.pages):
            close_page(self.workspace, page)
        self.studio.window.close()
        self.studio.window.deleteLater()
        self.studio.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.application.processEvents()


@pytest.fixture(scope="session")
def application() -> QApplication:
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["flowloom"])


@pytest.fixture
def room(application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    opened = Room(application, (1600, 1000))
    yield opened
    opened.close()
    language.set_language("en")
    theme.set_theme("dark")
