"""The process that speaks for the model on this computer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from flowloom.studio.dialogs.connections.local_page import CHILD


def _ask(action: str, home: Path) -> list[dict[str, object]]:
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "PIP_NO_INDEX": "1"}
    done = subprocess.run([sys.executable, "-P", CHILD, action], env=environment, capture_output=True, text=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_tells_the_state_and_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "flowloom" / "models"
    folder.mkdir(parents=True)
    (folder / "own.gguf").write_bytes(b"GGUF")
    (line,) = _ask("status", tmp_path)
    assert isinstance(line["status"], dict)
    assert line["status"]["present"] is False
    assert line["folder"] == str(folder)
    assert line["files"] == [{"name": "own", "bytes": 4, "path": str(folder / "own.gguf")}]


def test_a_fetch_that_fails_says_so_in_words(tmp_path: Path) -> None:
    lines = _ask("download", tmp_path)
    assert lines[-1]["error"]
    assert lines[-1]["hint"]
