"""A scene and a view onto it, of the flow of two nodes or of any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument


@pytest.fixture
def scene(document: FlowDocument) -> CanvasScene:
    return CanvasScene(document)


@pytest.fixture
def view(scene: CanvasScene, application: QApplication) -> Iterator[CanvasView]:
    shown = CanvasView(scene)
    shown.resize(1000, 700)
    shown.show()
    application.processEvents()
    yield shown
    shown.hide()
    shown.deleteLater()


@pytest.fixture
def chain(tmp_path: Path, registry: Registry) -> Iterator[Callable[[int], FlowDocument]]:
    """``chain(5)`` opens a flow of five Python nodes, each fed by the one before."""
    opened: list[FlowDocument] = []

    def make(size: int) -> FlowDocument:
        root = tmp_path / f"chain{size}"
        root.mkdir()
        lines = ["inputs:", "  text: {type: string}", "outputs:"]
        lines += [f"  last: {{type: string, reference: '${{n{size - 1}.output}}'}}", "nodes:"]
        for number in range(size):
            source = f"n{number - 1}.output" if number else "inputs.text"
            lines.append(f"- {{name: n{number}, type: python, source: {{type: code, path: work.py}}, inputs: {{text: '${{{source}}}'}}}}")
        (root / "flow.dag.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (root / "work.py").write_text(
            "from promptflow.core import tool\n\n\n@tool\ndef work(text: str) -> str:\n    return text\n", encoding="utf-8"
        )
        opened.append(FlowDocument(root, registry))
        return opened[-1]

    yield make
    for document in opened:
        document.checker.settle()
        document.deleteLater()
