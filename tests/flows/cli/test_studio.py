"""The command that opens the window."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def test_without_a_screen_it_says_so_and_opens_nothing(cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("flowloom.flows.cli.display.sys.platform", "linux")
    monkeypatch.setattr("flowloom.flows.cli.display.find_spec", lambda _name: object())
    done = cli("studio")
    assert done.code == 2
    assert "no screen" in done.err


def test_a_folder_that_is_not_there_is_told_before_the_window(cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.flows.cli.display.fault", lambda: None)
    done = cli("studio", "nowhere")
    assert done.code == 2
    assert "nowhere" in done.err


def test_it_opens_the_flow_and_ends_with_the_window(hello: Path, tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    program = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
qt = QApplication(["flowloom"])
titles = []
QTimer.singleShot(800, lambda: (titles.append(qt.topLevelWidgets()[0].window().windowTitle()), qt.closeAllWindows()))
from flowloom.flows.cli.main import main
print(main(["studio", {str(hello)!r}]))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FLOWLOOM_STATE": str(tmp_path / "state")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0", done.stderr
