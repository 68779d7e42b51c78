"""A canvas with its gestures and nothing around it: tests act by mouse and keys at places they read off the scene."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.gestures import Gestures
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme.style import apply_style
from flowloom.studio.theme.theme import current
from flowloom.studio.workspace import Page, Workspace

NO = Qt.KeyboardModifier.NoModifier


class Canvas:
    """One open flow, as a person has it under the hands."""

    def __init__(self, document: FlowDocument, registry: Registry, application: QApplication, wait: Callable[..., None]) -> None:
        if not application.styleSheet():
            apply_style(application, current())
        self.application = application
        self.wait = wait
        self.document = document
        self.scene = CanvasScene(document)
        self.view = CanvasView(self.scene)
        self.workspace = Workspace(registry, settings=None)  # pyright: ignore[reportArgumentType]
        self.page = Page(document, self.scene, self.view)
        self.gestures = Gestures(self.workspace, self.page)
        self.workspace.add(self.page)
        self.said: list[str] = []
        self.refused: list[str] = []
        self.workspace.notice.connect(self.said.append)
        document.refused.connect(lambda error: self.refused.append(str(error)))
        self.view.resize(1200, 800)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        application.processEvents()

    # Places on the screen

    def at(self, point: QPointF) -> QPoint:
        return self.view.mapFromScene(point)

    def title(self, card: str) -> QPoint:
        rect = self.scene.rect(card)
        return self.at(rect.topLeft() + QPointF(rect.width() / 2, 16))

    def port(self, card: str, side: Any, name: str) -> QPoint:
        return self.at(self.scene.port_point(PortRef(card, side, name)))

    def empty(self) -> QPoint:
        """A point of the canvas with nothing near it."""
        rect = self.scene.content_rect()
        return self.at(QPointF(rect.center().x(), rect.bottom() + 60))

    # Acting

    def press(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseMove(self.view.viewport(), at)
        QTest.mousePress(self.view.viewport(), button, held, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.view.viewport(), at)
        self.application.processEvents()

    def release(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseRelease(self.view.viewport(), button, held, at)
        self.application.processEvents()

    def drag(
        self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        self.press(start, held, button)
        for share in (0.2, 0.5, 0.8, 1.0):
            self.move_held(start + (end - start) * share, held, button)
        self.release(end, held, button)

    def move_held(self, at: QPoint, held: Qt.KeyboardModifier, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """A move with a button and keys down, which QTest.mouseMove cannot tell of keys."""
        point = QPointF(at)
        port = self.view.viewport()
        event = QMouseEvent(QEvent.Type.MouseMove, point, QPointF(port.mapToGlobal(at)), Qt.MouseButton.NoButton, button, held)
        self.application.sendEvent(port, event)
        self.application.processEvents()

    def turn_wheel(self, at: QPoint, steps: int) -> None:
        port = self.view.viewport()
        event = QWheelEvent(
            QPointF(at), QPointF(port.mapToGlobal(at)), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, NO,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self.application.sendEvent(port, event)
        self.application.processEvents()

    def click(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(self.view.viewport(), button, held, at)
        self.application.processEvents()

    def double_click(self, at: QPoint) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, NO, at)
        QTest.mouseDClick(self.view.viewport(), Qt.MouseButton.LeftButton, NO, at)
        self.application.processEvents()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.focus, key, held)
        self.application.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        self.application.processEvents()

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    @property
    def typing(self) -> QLineEdit:
        """The line that is typed in now."""
        found = self.focus
        assert isinstance(found, QLineEdit)
        return found

    # Looking

    @property
    def yaml(self) -> str:
        return self.document.files[self.document.name]

    def wires(self) -> dict[PortRef, PortRef]:
        return {wire.target: wire.source for wire in self.scene.cards.wires.values()}

    def place(self, card: str) -> tuple[float, float]:
        place = self.document.layout.places[card]
        return place.x, place.y

    def steps(self) -> list[str]:
        stack = self.document.undo_stack
        return [stack.text(number) for number in range(stack.index())]


@pytest.fixture
def canvas(
    document: FlowDocument, registry: Registry, application: QApplication, wait: Callable[..., None]
) -> Iterator[Canvas]:
    """The flow of ``flow_folder``: inputs, ``prepare``, ``answer``, outputs."""
    found = Canvas(document, registry, application, wait)
    yield found
    found.view.close()
    found.view.deleteLater()


@pytest.fixture
def open_canvas(
    tmp_path: Path, registry: Registry, application: QApplication, wait: Callable[..., None]
) -> Iterator[Callable[..., Canvas]]:
    """``open_canvas({"flow.dag.yaml": "..."})`` opens a flow of those files."""
    opened: list[Canvas] = []

    def make(files: dict[str, str]) -> Canvas:
        root = tmp_path / f"opened_{len(opened)}"
        root.mkdir()
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        opened.append(Canvas(FlowDocument(root, registry), registry, application, wait))
        return opened[-1]

    yield make
    for found in opened:
        found.document.checker.settle()
        found.view.close()
        found.view.deleteLater()
        found.document.deleteLater()
