"""The inspector over a flow that is open, without the rest of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.settings import Settings
from flowloom.studio.workspace import Page, Workspace

Choose = Callable[..., object]


@pytest.fixture
def workspace(registry: Registry, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(registry, Settings(tmp_path / "settings"))
    yield made
    made.deleteLater()


@pytest.fixture
def shown(workspace: Workspace, document: FlowDocument) -> Iterator[Page]:
    """The flow of two nodes as a page of the workspace."""
    scene = CanvasScene(document)
    page = Page(document, scene, CanvasView(scene))
    workspace.add(page)
    yield page
    workspace.close(page)
    page.view.deleteLater()


@pytest.fixture
def inspector(workspace: Workspace, shown: Page) -> Iterator[Inspector]:
    made = Inspector(workspace)
    made.resize(340, 900)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    made._suggestions.settle()
    made.close()
    made.deleteLater()


@pytest.fixture
def choose(inspector: Inspector, shown: Page, application: QApplication) -> Choose:
    """``choose(*ids)`` chooses cards on the canvas and gives the form that is shown then."""

    def by_ids(*ids: str) -> object:
        shown.scene.select(list(ids))
        application.processEvents()
        return inspector.form

    return by_ids


@pytest.fixture
def write() -> Callable[[QWidget, str], None]:
    """``write(widget, text)`` puts the keyboard into a field and types the text over what stands there."""

    def type_over(widget: QWidget, text: str) -> None:
        widget.setFocus()
        assert isinstance(widget, QLineEdit | QPlainTextEdit)
        widget.selectAll()
        QTest.keyClicks(widget, text)

    return type_over
