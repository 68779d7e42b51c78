"""What every gesture is: it begins with a press, follows the pointer, and ends with the release; Escape takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Interaction:
    """One gesture under way. ``stage`` gives it the document, the scene and the view; it changes the flow only by ``stage.apply``."""

    cursor: Qt.CursorShape | None = None
    """The pointer's shape while it goes on."""

    def __init__(self, stage: Stage, start: QPointF) -> None:
        self.stage = stage
        self.start = start
        self.dragging = False
        """Whether the pointer has gone far enough to mean more than a click."""

    def move(self, event: QMouseEvent, pos: QPointF) -> None:
        """The pointer moved with the button down; positions are the scene's."""
        if not self.dragging:
            way = (pos - self.start) * self.stage.view.zoom
            if way.manhattanLength() < QApplication.startDragDistance():
                return
            self.dragging = True
            self.begin(event)
        self.drag(event, pos)

    def release(self, event: QMouseEvent, pos: QPointF) -> None:
        if self.dragging:
            self.drag(event, pos)
            self.drop(event, pos)
        else:
            self.click(event, pos)

    def begin(self, event: QMouseEvent) -> None:
        """The drag begins."""

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        """The pointer is at ``pos``."""

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        """The button was let go after a drag."""

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        """The button was let go where it was pressed."""

    def key(self, event: QKeyEvent) -> bool:
        """A key while the button is down; Escape has been seen to. True where the gesture took it."""
        return False

    def cancel(self) -> None:
        """Take everything back that was shown; the flow is as before."""


def adds(event: QMouseEvent | QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def toggles(event: QMouseEvent | QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
