"""A picture of the studio after a run, drawn by a process of its own without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from flowloom.flows.api import load_flow

PROGRAM = "import sys; from flowloom.studio.run.picture import draw; draw(sys.argv[1], sys.argv[2])"


def _draw(folder: Path, target: Path) -> QImage:
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(folder), str(target)], env=os.environ.copy(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return QImage(str(target))


def test_the_picture_shows_the_last_run(letters: Path, tmp_path: Path) -> None:
    before = _draw(letters, tmp_path / "before.png")
    result = load_flow(letters).run_result({"text": "ab"}, record=True)
    assert result.status == "completed"
    after = _draw(letters, tmp_path / "deep" / "after.png")
    assert (after.width(), after.height()) == (before.width(), before.height()) == (1440, 900)
    assert after != before
