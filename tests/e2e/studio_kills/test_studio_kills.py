"""The studio is killed at any instant after random edits by mouse and keyboard: all but the last second of them comes back.

200 kills with FLOWLOOM_SOAK=1, else a sample. Each kill happens in one of five phases, in turn.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from flowloom.flows.document import read
from flowloom.flows.document.templates import copy_folder, templates
from flowloom.flows.document.trust import what_runs
from flowloom.flows.document.trust_store import Signed, keep_trust
from flowloom.flows.node.registry import default_registry
from flowloom.studio.document.attach import attach
from flowloom.studio.document.flow_document import FlowDocument
from tests.conftest import SOAK
from tests.e2e.studio_kills.hands import Studio, screen

KILLS = 200 if SOAK else 8
PHASES = ("typing", "moving", "saving", "undoing", "resting")
WORDS = ("answer kindly ", "{{topic}} ", "in one line. ", "系统 ", "don't ")

pytestmark = pytest.mark.skipif(
    not shutil.which("Xvfb") or not shutil.which("xdotool"), reason="needs Xvfb and xdotool, which .ci/run installs"
)


@pytest.fixture(scope="session", autouse=True)
def application() -> QCoreApplication:
    """Documents are opened again in this process, without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication.instance() or QApplication(["flowloom"])


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


Act = Callable[[Studio, random.Random], None]


def move(studio: Studio, chance: random.Random) -> None:
    found = studio.some_card(chance)
    if found is not None:
        x, y = found[1]
        studio.drag([x, y], [x + chance.randint(-160, 160), y + chance.randint(-90, 90)])


def delete(studio: Studio, chance: random.Random) -> None:
    studio.choose(chance)
    studio.key("Delete")


def duplicate(studio: Studio, chance: random.Random) -> None:
    studio.choose(chance)
    studio.key("ctrl+d")


def rename(studio: Studio, chance: random.Random) -> None:
    studio.choose(chance)
    studio.key("F2")
    studio.type(chance.choice(("Sort it", "Second try", "Reply")))
    studio.key("Return")


def note(studio: Studio, chance: random.Random) -> None:
    studio.click(studio.spots["empty"])
    studio.key("n")
    studio.type("Why two models")
    studio.key("Escape")


def arrange(studio: Studio, chance: random.Random) -> None:
    studio.click(studio.spots["empty"])
    studio.key("l")


def quick_add(studio: Studio, chance: random.Random) -> None:
    studio.click(studio.spots["empty"])
    studio.key("Tab")
    studio.type(chance.choice(("join", "switch", "python")))
    studio.key("Return")


def write(studio: Studio, chance: random.Random) -> None:
    """Type into a prompt, code or note that the inspector shows."""
    studio.choose(chance)
    editors = studio.spots.get("editors") or []
    if editors:
        studio.click(chance.choice(editors))
        studio.type("".join(chance.choices(WORDS, k=chance.randint(1, 4))))


def undo(studio: Studio, chance: random.Random) -> None:
    studio.click(studio.spots["empty"])
    for _ in range(chance.randint(1, 4)):
        studio.key(chance.choice(("ctrl+z", "ctrl+z", "ctrl+y")))


def save(studio: Studio, chance: random.Random) -> None:
    studio.key("ctrl+s")


ACTS: tuple[Act, ...] = (move, move, delete, duplicate, rename, note, arrange, quick_add, write, write, write, undo, save)
LAST: dict[str, Act] = {"typing": write, "moving": move, "saving": save, "undoing": undo}


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_costs_a_second_at_most(
    number: int, display: str, tmp_path: Path, rng: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    phase = PHASES[number % len(PHASES)]
    folder = tmp_path / "flow"
    copy_folder(templates()[rng.choice(("demo", "chat", "classify", "question"))], folder)
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    if rng.random() < 0.5:
        found = what_runs(read(folder))
        keep_trust(folder, "flow.dag.yaml", Signed(found.hash, found.digests))
    studio = Studio(folder, tmp_path, display)
    studio.wait_until_open()
    for _ in range(rng.randint(2, 7)):
        rng.choice(ACTS)(studio, rng)
        studio.lines()
        if studio.spots.get("modal"):
            studio.key("Escape")
        sleep(rng.choice((0, 0, 0.05, 0.4)))
    killed = _kill_while(studio, phase, rng)

    states = [(line["t"], line["files"]) for line in studio.lines() if line["kind"] == "state"]
    certain = max(index for index, (t, _) in enumerate(states) if t <= killed - 1 or index == 0)
    recovered = _recovered(folder)
    came_back = [index for index, (_, files) in enumerate(states) if files == recovered]
    assert came_back, f"{phase}: what came back is no state that ever was"
    lost = killed - states[came_back[-1] + 1][0] if came_back[-1] + 1 < len(states) else 0.0
    assert came_back[-1] >= certain, f"{phase}: {lost:.2f} s of work were lost"
    assert not studio.saw("Traceback"), studio.errors.read_text()[-3000:]
    print(f"{phase}: {len(states)} states, the last {lost:.2f} s lost")


def test_the_next_start_offers_what_was_lost(display: str, tmp_path: Path, rng: random.Random) -> None:
    folder = tmp_path / "flow"
    copy_folder(templates()["demo"], folder)
    first = Studio(folder, tmp_path, display)
    first.wait_until_open()
    move(first, rng)
    rename(first, rng)
    note(first, rng)
    first.wait(lambda: _rests(first))
    first.kill()
    before = [line["files"] for line in first.lines() if line["kind"] == "state"]
    assert len(before) > 2

    second = Studio(folder, tmp_path, display)
    second.wait_until_open()
    second.wait(lambda: second.spots.get("recover"))
    second.click(second.spots["recover"])
    second.wait(lambda: [line["files"] for line in second.lines() if line["kind"] == "state"][-1] == before[-1])
    second.wait(lambda: not second.spots.get("recover"))
    second.key("ctrl+s")
    second.wait(lambda: any(line["kind"] == "saved" for line in second.lines()))
    second.kill()
    assert {path: (folder / path).read_bytes().decode() for path in before[-1]} == before[-1]
    assert not second.saw("Traceback"), second.errors.read_text()[-3000:]


def _rests(studio: Studio) -> bool:
    """Whether all that was done has arrived and is kept: the last thing of a whole second is a backup."""
    lines = [line for line in studio.lines() if line["kind"] in ("state", "kept")]
    return lines[-1]["kind"] == "kept" and monotonic() > lines[-1]["t"] + 1


def _kill_while(studio: Studio, phase: str, chance: random.Random) -> float:
    """Kill the studio at a random instant of what the phase says, and give the moment."""
    if phase == "resting":
        sleep(chance.random() * 1.5)
        return studio.kill()
    if phase == "saving":
        move(studio, chance)
    hand = Thread(target=_act, args=(LAST[phase], studio, chance))
    hand.start()
    sleep(chance.random() * (0.12 if phase == "saving" else 0.5))
    moment = studio.kill()
    hand.join()
    return moment


def _act(act: Act, studio: Studio, chance: random.Random) -> None:
    # The window may be gone in the middle of it.
    with suppress(subprocess.CalledProcessError, AssertionError, KeyError):
        act(studio, chance)


def _recovered(folder: Path) -> dict[str, str]:
    """What the studio shows when the flow is opened again and its unsaved work recovered."""
    document = FlowDocument(folder, default_registry())
    care = attach(document, {})
    try:
        for backup in care.backup.found[:1]:
            assert care.backup.recover(backup, "Recover unsaved work")
        return {path: text for path, text in document.files.items() if path not in document.unused}
    finally:
        care.close()
        document.checker.settle()
        document.deleteLater()
        # At once: each open flow holds a watch over its folder, and of those a computer has few.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
