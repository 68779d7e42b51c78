"""The same graphs in our canvas, in a process of its own: prints figures as JSON.

    python -m tests.bench._canvas_ours places FOLDER...    where our own arranging puts the cards, for the others
    python -m tests.bench._canvas_ours measure FOLDER10 FOLDER100 FOLDER1000 DRAGGED
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6 import QtCore, QtGui
from PySide6.QtWidgets import QApplication

from flowloom.flows.engine.events import NodeDelta, NodeStarted, RunStarted
from flowloom.flows.node.registry import Registry, default_registry
from flowloom.studio.application import CALM_MS
from flowloom.studio.canvas.interactions.gestures import Gestures
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.collector import Collector
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.run_view import RunView
from flowloom.studio.settings import Settings
from flowloom.studio.workspace import Page, Workspace
from tests.bench._canvas_frames import HEIGHT, WIDTH, Canvas, Qt, _p95, _rest, drag, opened, sweep

STREAMING = 20
STREAM_FRAMES = 120


class Board:
    """Opens flows as the window does, without the window."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        # As in the studio, memory is put in order between what a person does.
        self.collector = Collector(app)
        self.registry: Registry = default_registry()
        self.workspace = Workspace(self.registry, Settings())
        self.page: Page | None = None

    def show(self, folder: str) -> Canvas:
        document = FlowDocument(folder, self.registry)
        scene = CanvasScene(document)
        view = CanvasView(scene)
        page = self.page = Page(document, scene, view)
        view.gestures = Gestures(self.workspace, page)
        view.resize(WIDTH, HEIGHT)
        view.show()
        self.app.processEvents()

        def look(zoom: float, middle: tuple[float, float]) -> None:
            view.set_zoom(zoom)
            view.look_at(QtCore.QPointF(*middle))

        def select(names: Sequence[str]) -> None:
            scene.select(names)

        def handle(name: str) -> tuple[float, float]:
            rect = scene.rect(name)
            return rect.center().x(), rect.top() + 16

        QtCore.QTimer.singleShot(CALM_MS, view, self.collector.all)
        return Canvas(view, look, select, handle, lambda: document.checker.settled)

    def close(self) -> None:
        page, self.page = self.page, None
        assert page is not None
        page.document.checker.settle()
        page.view.hide()
        page.view.deleteLater()
        self.app.processEvents()


def streaming(qt: Qt, canvas: Canvas, page: Page, names: Sequence[str]) -> float:
    """The 95th percentile of the milliseconds from some tokens for many cards to the frame that shows them, at 100 %."""
    scene = page.scene
    middle = scene.rect(names[len(names) // 2]).center()
    near = sorted(names, key=lambda name: (scene.rect(name).center() - middle).manhattanLength())[:STREAMING]
    canvas.look(1.0, (middle.x(), middle.y()))
    _rest(qt, canvas)
    run = RunView("bench")
    run.feed([RunStarted("bench", "flow", tuple(near), 0.0), *(NodeStarted(name, 0.0) for name in near)])
    scene.set_run(run)
    _rest(qt, canvas)
    times: list[float] = []
    for frame in range(STREAM_FRAMES):
        started = perf_counter()
        scene.update_run(run.feed([NodeDelta(name, f"word{frame} ") for name in near]))
        qt.app.processEvents()
        times.append(perf_counter() - started)
    scene.set_run(None)
    return _p95(times)


def places(folders: Sequence[str]) -> dict[str, Any]:
    app = QApplication([])
    board = Board(app)
    found: dict[str, Any] = {}
    for folder in folders:
        board.show(folder)
        assert board.page is not None
        scene = board.page.scene
        middle = scene.content_rect().center()
        found[folder] = {
            "places": {name: [place.x, place.y] for name, place in scene.places().items() if not name.startswith("@")},
            "middle": [middle.x(), middle.y()],
        }
        board.close()
    return found


def measure(folders: Sequence[str], dragged: Sequence[str]) -> dict[str, float]:
    app = QApplication([])
    qt = Qt(QtCore, QtGui, app)
    board = Board(app)
    small, hundred, thousand = folders
    opened(lambda: board.show(small), qt, board.close)
    found = {
        "open_100_s": opened(lambda: board.show(hundred), qt, board.close),
        "open_1000_s": opened(lambda: board.show(thousand), qt, board.close),
    }
    canvas = board.show(thousand)
    assert board.page is not None
    middle = board.page.scene.content_rect().center()
    found["frame_p95_1000_ms"] = sweep(qt, canvas, (middle.x(), middle.y()))
    found["drag_200_ms"] = drag(qt, canvas, dragged)
    found["stream_20_ms"] = streaming(qt, canvas, board.page, dragged)
    return found


def main() -> None:
    answer = places(sys.argv[2:]) if sys.argv[1] == "places" else measure(sys.argv[2:5], json.loads(sys.argv[5]))
    print(json.dumps(answer), flush=True)
    # The figures are out; what Qt would take apart in which order is of no interest.
    os._exit(0)


if __name__ == "__main__":
    main()
