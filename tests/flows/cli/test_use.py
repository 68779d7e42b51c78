"""``flowloom use`` opens a flow as a form or a chat."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def test_a_path_that_is_none_is_refused_in_words(cli: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = cli("use", "nowhere")
    assert done.code == 2
    assert "There is no flow at nowhere." in done.err


def test_without_a_screen_it_says_so(cli: Callable, hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = cli("use", hello)
    assert done.code == 2
    assert "no screen" in done.err


def test_the_window_opens_on_the_use_face(hello: Path, tmp_path: Path) -> None:
    program = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from flowloom.studio.panels.use import UsePanel
app = QApplication(["flowloom"])
def look():
    found = [w for w in app.allWidgets() if isinstance(w, UsePanel) and w.isVisible()]
    if found and found[0]._title.text():
        print("use", found[0]._title.text())
        app.closeAllWindows()
timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
from flowloom.flows.cli.main import main
raise SystemExit(main(["use", {str(hello)!r}]))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FLOWLOOM_STATE": str(tmp_path / "state")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("use ")
