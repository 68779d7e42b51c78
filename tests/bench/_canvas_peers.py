"""A graph in another program's canvas, by that program's own Python: prints the figures of ``_canvas_frames`` as JSON.

    python _canvas_peers.py nodegraphqt|orange GRAPHS.json

``GRAPHS.json`` holds by size ``{"places": {name: [x, y]}, "edges": [[source, target, port]], "dragged": [name]}``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from _canvas_frames import HEIGHT, WIDTH, Canvas, Qt, drag, opened, sweep

Graph = dict[str, Any]
PORTS = ("a", "b")


def nodegraphqt() -> tuple[Qt, Callable[[Graph], Canvas], Callable[[], None]]:
    from NodeGraphQt import BaseNode, NodeGraph
    from Qt import QtCore, QtGui, QtWidgets

    app = QtWidgets.QApplication([])

    class Work(BaseNode):
        __identifier__ = "bench"
        NODE_NAME = "work"

        def __init__(self) -> None:
            super().__init__()
            for port in PORTS:
                self.add_input(port)
            self.add_output("output")

    opened_graphs: list[Any] = []

    def show(graph: Graph) -> Canvas:
        board = NodeGraph()
        opened_graphs.append(board)
        board.register_node(Work)
        nodes = {
            name: board.create_node("bench.Work", name=name, pos=place, selected=False, push_undo=False)
            for name, place in graph["places"].items()
        }
        for source, target, port in graph["edges"]:
            nodes[source].set_output(0, nodes[target].input(PORTS.index(port)))
        board.widget.resize(WIDTH, HEIGHT)
        board.widget.show()
        app.processEvents()
        view = board.viewer()

        def look(zoom: float, middle: tuple[float, float]) -> None:
            wide, tall = view.width() / zoom, view.height() / zoom
            view._scene_range = QtCore.QRectF(middle[0] - wide / 2, middle[1] - tall / 2, wide, tall)
            view._update_scene()

        def select(names: Sequence[str]) -> None:
            board.clear_selection()
            for name in names:
                nodes[name].set_selected(True)

        def handle(name: str) -> tuple[float, float]:
            corner = nodes[name].view.sceneBoundingRect()
            return corner.center().x(), corner.top() + 10

        return Canvas(view, look, select, handle, lambda: True)

    def close() -> None:
        for board in opened_graphs:
            board.widget.hide()
        opened_graphs.clear()

    return Qt(QtCore, QtGui, app), show, close


def orange() -> tuple[Qt, Callable[[Graph], Canvas], Callable[[], None]]:
    from orangecanvas.canvas.scene import CanvasScene
    from orangecanvas.canvas.view import CanvasView
    from orangecanvas.registry import CategoryDescription, WidgetDescription, WidgetRegistry
    from orangecanvas.registry.description import InputSignal, OutputSignal
    from orangecanvas.scheme import Scheme, SchemeLink, SchemeNode
    from PyQt6 import QtCore, QtGui, QtWidgets

    app = QtWidgets.QApplication([])
    registry = WidgetRegistry()
    registry.register_category(CategoryDescription("Bench"))
    work = WidgetDescription(
        "work", "bench.work", category="Bench", qualified_name="orangecanvas.scheme.SchemeNode",
        inputs=[InputSignal(port, "builtins.str", "set") for port in PORTS], outputs=[OutputSignal("output", "builtins.str")],
    )  # fmt: skip
    registry.register_widget(work)
    kept: list[Any] = []

    def show(graph: Graph) -> Canvas:
        scheme = Scheme()
        # Its check for cycles takes minutes at this size.
        scheme.set_loop_flags(Scheme.AllowLoops)
        nodes = {name: SchemeNode(work, title=name, position=tuple(place)) for name, place in graph["places"].items()}
        for node in nodes.values():
            scheme.add_node(node)
        for source, target, port in graph["edges"]:
            scheme.add_link(SchemeLink(nodes[source], "output", nodes[target], port))
        scene = CanvasScene()
        scene.set_registry(registry)
        scene.set_scheme(scheme)
        view = CanvasView(scene)
        view.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        view.resize(WIDTH, HEIGHT)
        view.show()
        app.processEvents()
        kept.extend((scheme, scene, view))

        def look(zoom: float, middle: tuple[float, float]) -> None:
            view.setTransform(QtGui.QTransform.fromScale(zoom, zoom))
            view.centerOn(*middle)

        def select(names: Sequence[str]) -> None:
            wanted = set(names)
            for name, node in nodes.items():
                scene.item_for_node(node).setSelected(name in wanted)

        def handle(name: str) -> tuple[float, float]:
            at = scene.item_for_node(nodes[name]).scenePos()
            return at.x(), at.y()

        return Canvas(view, look, select, handle, lambda: True)

    def close() -> None:
        for part in kept:
            if isinstance(part, QtWidgets.QWidget):
                part.hide()
        kept.clear()

    return Qt(QtCore, QtGui, app), show, close


def main() -> None:
    with open(sys.argv[2], encoding="utf-8") as file:
        graphs: dict[str, Graph] = json.load(file)
    qt, show, close = {"nodegraphqt": nodegraphqt, "orange": orange}[sys.argv[1]]()
    opened(lambda: show(graphs["10"]), qt, close)
    found = {f"open_{size}_s": opened(lambda size=size: show(graphs[size]), qt, close) for size in ("100", "1000")}
    graph = graphs["1000"]
    canvas = show(graph)
    found["frame_p95_1000_ms"] = sweep(qt, canvas, tuple(graph["middle"]))
    found["drag_200_ms"] = drag(qt, canvas, graph["dragged"])
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
