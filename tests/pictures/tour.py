"""One look of the studio, screen by screen: ``python -m tests.pictures.tour dark-en-1280 FOLDER``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom import resources
from tests.pictures.__main__ import SIZES

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page

DESK = Path(__file__).parent / "desk"


class Tour:
    """The window in one look. ``picture(name)`` keeps what is on the screen as ``name.png``."""

    def __init__(self, look: str, folder: Path, home: Path) -> None:
        from flowloom.studio.application import Studio
        from flowloom.studio.settings import Settings

        theme, language, size = look.split("-")
        self.folder, self.home = folder, home
        folder.mkdir(parents=True, exist_ok=True)
        application = QApplication.instance() or QApplication(["flowloom"])
        assert isinstance(application, QApplication)
        self.application = application
        settings = Settings(home / "state")
        for key, value in {"theme": theme, "language": language, "flows_folder": str(home)}.items():
            settings.set(key, value)
        self.studio = Studio(application, settings)
        self.workspace = self.studio.workspace
        self.window = self.studio.window
        self.window.resize(*SIZES[size])
        self.studio.show()
        self.wait(400)

    def wait(self, milliseconds: int = 350) -> None:
        QTest.qWait(milliseconds)

    def until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        end = monotonic() + seconds
        while not condition():
            assert monotonic() < end, f"waited {seconds} s in vain"
            QTest.qWait(30)

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        self.wait()
        (widget or self.window).grab().save(str(self.folder / f"{name}.png"))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.application.activePopupWidget() or self.application.focusWidget() or self.window, key, modifier)
        self.wait(200)

    def do(self, command: str) -> None:
        self.workspace.do(command)
        self.wait(200)

    @contextmanager
    def flow(self, source: Path, name: str, *, trusted: bool = True) -> Iterator[Page]:
        """A copy of a flow, open in the window."""
        from flowloom.studio.application import close_page, open_path

        copy = self.home / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns(".flowloom", "__pycache__"))
        page = open_path(self.workspace, copy)
        if trusted:
            page.parts["trust"].trust()
        self.wait(700)
        yield page
        close_page(self.workspace, page)
        self.wait(200)

    def run(self, page: Page, command: str = "run.afresh", *, midway: str = "") -> None:
        """Run the flow to its end, with a picture of a moment in which words stream."""
        runner = page.parts["runner"]
        self.do(command)
        self.until(lambda: runner.running or runner.view is not None)
        if midway:
            self.until(lambda: any(node.status == "running" and node.text for node in runner.view.nodes.values()) or not runner.running)
            self.picture(midway)
        self.until(lambda: not runner.running)
        self.wait(500)


def dialog(tour: Tour, command: str, name: str) -> None:
    """A picture of the dialog that a command opens, which is then left."""
    from PySide6.QtCore import QTimer

    def shoot() -> None:
        shown = tour.application.activeModalWidget()
        if shown is not None:
            tour.wait(300)
            shown.grab().save(str(tour.folder / f"{name}.png"))
            shown.close()

    QTimer.singleShot(900, shoot)
    tour.do(command)
    tour.wait(1200)


def building(tour: Tour) -> None:
    """What a person meets before anything runs."""
    from flowloom.studio.canvas.cards import PortRef

    tour.picture("welcome")
    dialog(tour, "file.new", "new-flow")
    with tour.flow(DESK, "letters", trusted=False) as page:
        tour.picture("trust-bar")
        page.parts["trust"].trust()
        tour.picture("ten-nodes")
        page.view.setFocus()
        tour.key(Qt.Key.Key_Tab)
        tour.picture("quick-add")
        tour.key(Qt.Key.Key_Escape)
        viewport = page.view.viewport()
        start = page.view.mapFromScene(page.scene.port_point(PortRef("label", "out", "output")))
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 9):
            QTest.mouseMove(viewport, start + QPoint(9 * step, 14 * step))
            tour.wait(20)
        tour.picture("connecting")
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(72, 112))
        tour.wait(300)
        tour.picture("fitting-nodes")
        tour.key(Qt.Key.Key_Escape)
        for card, name in {"kind": "prompt", "clean": "python", "route": "node", "@inputs": "inputs", "@outputs": "outputs"}.items():
            page.scene.select([card])
            tour.picture(f"editor-{name}")
        page.scene.select(["apology"])
        tour.do("view.palette")
        tour.picture("palette")
        tour.key(Qt.Key.Key_Escape)
    broken = tour.home / "to-break"
    shutil.copytree(DESK, broken, dirs_exist_ok=True)
    (broken / "clean.py").write_text("from promptflow.core import tool\n\n\n@tool\ndef clean(text: str)\n    return text\n")
    with tour.flow(broken, "broken") as page:
        tour.until(lambda: page.document.problems)
        page.scene.select(["clean"])
        tour.do("view.problems")
        tour.picture("problems")


def running(tour: Tour) -> None:
    """Runs and what remains of them."""
    with tour.flow(resources.path("templates/demo"), "reviews") as page:
        tour.do("view.timeline")
        tour.run(page, midway="run-in-flight")
        page.scene.select(["reply"])
        tour.picture("run-finished")
        for tab in ("data", "log", "history"):
            tour.do(f"view.{tab}")
            tour.picture(f"pane-{tab}")
        tour.do("view.timeline")
        tour.do("view.use")
        tour.picture("use")
        tour.do("view.build")
        tour.do("run.lanes")
        tour.picture("lanes")
        dialog(tour, "run.connections", "connections")
    with tour.flow(resources.path("templates/chat"), "talk") as page:
        tour.do("view.chat")
        tour.picture("chat")
    failing = tour.home / "to-fail"
    shutil.copytree(resources.path("templates/demo"), failing, dirs_exist_ok=True)
    (failing / "triage.py").write_text(
        "from promptflow.core import tool\n\n\n@tool\ndef triage(sentiment: str, topic: str) -> dict:\n    return {'team': TEAMS[topic]}\n"
    )
    with tour.flow(failing, "failed") as page:
        tour.run(page)
        page.scene.select(["triage"])
        tour.picture("run-failed")


def main(arguments: list[str]) -> int:
    look, folder = arguments
    with tempfile.TemporaryDirectory() as home:
        os.environ["FLOWLOOM_STATE"] = f"{home}/state"
        tour = Tour(look, Path(folder), Path(home))
        building(tour)
        running(tour)
        tour.window.release()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
