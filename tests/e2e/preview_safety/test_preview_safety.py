"""Showing values of a run opens no file, asks no address and holds nothing up, whatever they are."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
try:
    payloads = importlib.import_module("preview_payloads")
    watch = importlib.import_module("preview_watch")
finally:
    sys.path.remove(str(HERE))
MOST_SECONDS = 1.0
PATIENCE = 180

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify tells what was opened")


@pytest.fixture
def baits(tmp_path: Path) -> Path:
    """A folder with a picture that can be read, and a pipe: whoever opens it waits for ever."""
    folder = tmp_path / "baits"
    folder.mkdir()
    (folder / "bait.png").write_bytes(payloads.png(2, 2, b"\0\0\0\0\0\0"))
    os.mkfifo(folder / "pipe.png")
    return folder


@pytest.fixture
def opened(baits: Path) -> Iterator[Any]:
    try:
        found = watch.Opened(baits)
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise
        yield None  # other programs hold all watches there are
        return
    yield found
    found.close()


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FLOWLOOM_STATE": "/nonexistent"}
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, cwd="/")


def test_two_hundred_texts_reach_nothing_and_hold_nothing_up(baits: Path, opened: Any, tmp_path: Path) -> None:
    trace = tmp_path / "calls.txt"
    with watch.Asked() as asked:
        command = [sys.executable, str(HERE / "show.py"), str(baits), str(asked.port)]
        strace = shutil.which("strace")
        if strace is not None and _may_trace(strace):
            command = [strace, "-f", "--seccomp-bpf", "-o", str(trace), "-e", "trace=open,openat,openat2,connect,sendto", "-s", "300", *command]
        done = run(command)
        assert asked.count == 0
    assert done.returncode == 0, done.stderr[-3000:]
    shown = [line.split("\t") for line in done.stdout.splitlines()]
    assert len({name for _, _, name in shown}) > 200
    assert {"markdown", "text", "tree", "table", "image", "audio", "messages", "raw", "bubble", "difference"} <= {way for _, way, _ in shown}
    if opened is None and not trace.exists():
        pytest.skip("neither inotify nor strace can tell what was opened")
    assert opened is None or opened.look() == []
    slow = [line for line in shown if float(line[0]) > MOST_SECONDS]
    assert not slow, slow
    if trace.exists():
        calls = trace.read_text(errors="replace").splitlines()
        assert any("openat" in call for call in calls)
        reached = [call for call in calls if any(word in call for word in ("bait", "pipe.png", "/dev/zero", "AF_INET", "nosuch"))]
        assert [call for call in reached if "show.py" not in call] == []


def _may_trace(strace: str) -> bool:
    return subprocess.run([strace, "-f", "--seccomp-bpf", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


NAIVE = """
import sys
from PySide6.QtWidgets import QApplication, QTextBrowser
application = QApplication([])
class Browser(QTextBrowser):
    def loadResource(self, kind, name):
        return None
view = Browser()
view.setMarkdown(f"![a]({sys.argv[1]})")
view.show()
application.processEvents()
"""


def test_the_watch_sees_what_a_careless_view_opens(baits: Path, opened: Any) -> None:
    if opened is None:
        pytest.skip("other programs hold all of inotify's watches")
    done = run([sys.executable, "-c", NAIVE, str(baits / "bait.png")])
    assert done.returncode == 0, done.stderr
    assert "bait.png" in opened.look()
    assert opened.look() == []


def test_the_watch_sees_who_asks() -> None:
    with watch.Asked() as asked:
        script = f"import socket; socket.create_connection(('127.0.0.1', {asked.port}), 10).recv(1)"
        assert run([sys.executable, "-c", script]).returncode == 0
        assert asked.count == 1
