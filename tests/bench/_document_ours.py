"""``python -m tests.bench._document_ours FOLDER STATE``: edits a large flow and prints what that took, as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, DeleteNodes, Edit, RenameNode, SetInput, SetText
from flowloom.flows.model.flow import Reference
from flowloom.flows.node.registry import default_registry
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.collector import Collector
from flowloom.studio.document.attach import attach
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.positions import moved

ROUNDS = 8


def main(folder: str, state: str) -> None:
    os.environ["FLOWLOOM_STATE"] = state
    application = QApplication.instance() or QApplication(["flowloom"])
    collector = Collector()
    registry = default_registry()
    FlowDocument(Path(__file__).parents[2] / "resources" / "templates" / "demo", registry).checker.settle()
    begun = perf_counter()
    document = FlowDocument(folder, registry)
    care = attach(document, {})
    opened = perf_counter() - begun
    scene = CanvasScene(document, document)
    collector.all()
    kinds: tuple[Callable[[int], Edit | None], ...] = (
        lambda number: RenameNode(f"n{number + 20}", f"renamed {number}"),
        lambda number: SetInput(f"n{number + 40}", "b", f"value {number}"),
        lambda number: SetInput(f"n{number + 60}", "a", Reference("node", f"n{number}")),
        lambda number: moved(document, scene.places(), [f"n{number + 80}"], 8, 8),
        lambda number: SetText("ask.jinja2", document.files["ask.jinja2"] + "x"),
        lambda number: AddNode(f"new {number}", {"type": "python", "source": {"type": "package", "tool": "loom.text.join"}}, {}, Place(0, 0)),
        lambda number: DeleteNodes((f"n{number + 100}",)),
    )
    times: dict[int, list[float]] = {}
    for number in range(ROUNDS):
        for kind, make in enumerate(kinds):
            edit = make(number)
            assert edit is not None
            begun = perf_counter()
            assert document.apply(edit)
            times.setdefault(kind, []).append((perf_counter() - begun) * 1000)
            application.processEvents()
        begun = perf_counter()
        document.undo_stack.undo()
        times.setdefault(len(kinds), []).append((perf_counter() - begun) * 1000)
        document.undo_stack.redo()
    every = [value for found in times.values() for value in found]
    care.close()
    document.checker.settle()
    print(json.dumps({"edit_ms": quantiles(every, n=20)[-1], "open_s": opened}))


if __name__ == "__main__":
    main(*sys.argv[1:])
