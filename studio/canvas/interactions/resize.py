"""Dragging the edges of frames and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.studio.canvas.interactions.interaction import Interaction, adds
from flowloom.studio.canvas.interactions.snap import GRID
from flowloom.studio.document.positions import resized

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage

SMALLEST: Final = (120.0, 64.0)
"""Width and height below which no frame or note shrinks."""

_SHAPES: Final = {
    (0, -1): Qt.CursorShape.SizeVerCursor, (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor, (1, 0): Qt.CursorShape.SizeHorCursor,
    (-1, -1): Qt.CursorShape.SizeFDiagCursor, (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor, (-1, 1): Qt.CursorShape.SizeBDiagCursor,
}  # fmt: skip


class Resize(Interaction):
    """The opposite edges stay; Shift leaves the grid."""

    def __init__(self, stage: Stage, start: QPointF, id: str) -> None:
        super().__init__(stage, start)
        self._id = id
        self._before = stage.rect_of(id)
        self._edges = edges_at(self._before, start, 12 / stage.view.zoom)
        self._rect = QRectF(self._before)
        self.cursor = cursor_for(self._edges)
        stage.scene.select([id])

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        way = pos - self.start
        self._rect = stretched(self._before, self._edges, way, 1.0 if adds(event) else GRID)
        self.stage.scene.show_band(self._rect)

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        self.cancel()
        rect = self._rect
        self.stage.apply_all([resized(self.stage.document, self._id, rect.x(), rect.y(), rect.width(), rect.height())])

    def cancel(self) -> None:
        self.stage.scene.show_band(None)


def edges_at(rect: QRectF, point: QPointF, slack: float) -> tuple[int, int]:
    """Which edges a point is near: -1 left or top, 1 right or bottom, 0 neither."""
    x = -1 if abs(point.x() - rect.left()) <= slack else 1 if abs(point.x() - rect.right()) <= slack else 0
    y = -1 if abs(point.y() - rect.top()) <= slack else 1 if abs(point.y() - rect.bottom()) <= slack else 0
    return x, y


def cursor_for(edges: tuple[int, int]) -> Qt.CursorShape:
    return _SHAPES.get(edges, Qt.CursorShape.SizeFDiagCursor)


def stretched(rect: QRectF, edges: tuple[int, int], way: QPointF, grid: float = GRID) -> QRectF:
    """A rectangle with some edges moved, those on the grid, and never too small."""
    found = QRectF(rect)
    if edges[0] < 0:
        found.setLeft(min(_on(rect.left() + way.x(), grid), rect.right() - SMALLEST[0]))
    elif edges[0] > 0:
        found.setRight(max(_on(rect.right() + way.x(), grid), rect.left() + SMALLEST[0]))
    if edges[1] < 0:
        found.setTop(min(_on(rect.top() + way.y(), grid), rect.bottom() - SMALLEST[1]))
    elif edges[1] > 0:
        found.setBottom(max(_on(rect.bottom() + way.y(), grid), rect.top() + SMALLEST[1]))
    return found


def _on(value: float, grid: float) -> float:
    return round(value / grid) * grid
