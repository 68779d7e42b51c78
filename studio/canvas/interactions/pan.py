"""Dragging the canvas itself, with the middle button or with Space held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.studio.canvas.interactions.interaction import Interaction

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Pan(Interaction):
    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, stage: Stage, start: QPointF, event: QMouseEvent) -> None:
        super().__init__(stage, start)
        self._last = event.position()

    def move(self, event: QMouseEvent, pos: QPointF) -> None:
        # The scene slides under the pointer, so only the window's own coordinates tell the way.
        way = event.position() - self._last
        self._last = event.position()
        self.stage.view.pan_by(way.x(), way.y())

    def release(self, event: QMouseEvent, pos: QPointF) -> None:
        pass
