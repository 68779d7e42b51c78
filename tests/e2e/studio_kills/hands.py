"""What a person does at the screen, as real key and mouse events of the X server."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

STUDIO = Path(__file__).with_name("observed_studio.py")


@contextmanager
def screen(size: str = "1600x1000x24") -> Iterator[str]:
    """A screen of its own; gives its display."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Studio:
    """One running studio, and hands for it."""

    def __init__(self, folder: Path, home: Path, display: str) -> None:
        self.folder = folder
        self.journal = home / f"journal-{monotonic():.3f}.jsonl"
        self.journal.touch()
        self.errors = home / "studio.log"
        environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "FLOWLOOM_STATE": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }
        self._environment = environment
        with open(self.errors, "ab") as log:
            command = [sys.executable, str(STUDIO), str(folder), str(self.journal)]
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.spots: dict[str, Any] = {}
        self._read_to = 0
        self._lines: list[dict[str, Any]] = []

    def lines(self) -> list[dict[str, Any]]:
        """The journal so far; a line that is still being written waits."""
        with open(self.journal, encoding="ascii") as file:
            file.seek(self._read_to)
            for line in iter(file.readline, ""):
                if not line.endswith("\n"):
                    break
                self._read_to += len(line)
                self._lines.append(json.loads(line))
                if self._lines[-1]["kind"] == "spots":
                    self.spots = self._lines[-1]
        return self._lines

    def wait(self, condition: Callable[[], object], seconds: float = 30) -> None:
        end = monotonic() + seconds
        while not condition():
            self.lines()
            assert self._process.poll() is None, f"the studio ended by itself: {self.errors.read_text()[-2000:]}"
            assert monotonic() < end, f"waited {seconds} s in vain: {self.spots} {self.errors.read_text()[-2000:]}"
            sleep(0.01)

    def wait_until_open(self) -> None:
        self.wait(lambda: len(self.spots.get("cards", ())) > 1)
        self.do("windowfocus", str(self.spots["window"]))

    def do(self, *words: str) -> None:
        """Commands of xdotool, one after another."""
        subprocess.run(["xdotool", *words], env=self._environment, check=True, stdout=subprocess.DEVNULL)

    def click(self, place: list[int], times: int = 1) -> None:
        self.do("mousemove", *map(str, place), "click", "--repeat", str(times), "--delay", "30", "1")

    def saw(self, words: str) -> bool:
        """Whether the studio wrote this to its standard error."""
        return words in self.errors.read_text(errors="replace")

    def key(self, *keys: str) -> None:
        self.do("key", "--delay", "8", *keys)

    def type(self, text: str) -> None:
        self.do("type", "--delay", "8", "--", text)

    def drag(self, start: list[int], end: list[int], *, release: bool = True) -> None:
        x, y = start
        words = ["mousemove", str(x), str(y), "mousedown", "1"]
        for step in range(1, 6):
            words += ["mousemove", str(x + (end[0] - x) * step // 5), str(y + (end[1] - y) * step // 5), "sleep", "0.015"]
        self.do(*words, *(["mouseup", "1"] if release else []))

    def some_card(self, chance: random.Random) -> tuple[str, list[int]] | None:
        """A card that the mouse can reach: its id and the middle of its header."""
        self.lines()
        cards = self.spots.get("cards") or {}
        return chance.choice(sorted(cards.items())) if cards else None

    def choose(self, chance: random.Random) -> None:
        """Click a card, and see it chosen; another one may lie over it."""
        found = self.some_card(chance)
        if found is not None:
            self.click(found[1])
            end = monotonic() + 0.5
            while self.spots.get("chosen") != [found[0]] and monotonic() < end:
                sleep(0.01)
                self.lines()

    def kill(self) -> float:
        """End it without a word, and wait until nothing of it is left. Gives the moment of the kill."""
        family = descendants(self._process.pid)
        moment = monotonic()
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.do("mouseup", "1")
        end = monotonic() + 10
        while left := [process for process in family if alive(process)]:
            assert monotonic() < end, f"processes outlive the studio: {left}"
            sleep(0.02)
        self.lines()
        return moment


def descendants(process: int) -> list[tuple[int, str]]:
    """Processes below one, each with the moment it began."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parent = int(Path("/proc", name, "stat").read_bytes().rpartition(b")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(name))
    found, waiting = [], [process]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            waiting.append(child)
            found.append((child, _began(child)))
    return found


def alive(process: tuple[int, str]) -> bool:
    return _began(process[0]) == process[1] != ""


def _began(process: int) -> str:
    try:
        fields = Path("/proc", str(process), "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == b"Z" else fields[19].decode()
