"""What gestures show while they last: the wire that hangs on the pointer, the rubber band, guides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from flowloom.studio.canvas.wire_item import wire_pen
from flowloom.studio.canvas.wires import loose_route
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import with_alpha

LooseState = Literal["ok", "bad", "open"]

Z_WIRE: Final = 20.0
Z_BAND: Final = 30.0


class Overlay:
    """Items of the scene that no document knows of."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._wire = self._item(scene, Z_WIRE)
        self._guides = self._item(scene, Z_BAND)
        self._band = self._item(scene, Z_BAND)

    @staticmethod
    def _item(scene: QGraphicsScene, z: float) -> QGraphicsPathItem:
        item = QGraphicsPathItem()
        item.setZValue(z)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        item.setVisible(False)
        scene.addItem(item)
        return item

    @property
    def band(self) -> QRectF | None:
        return self._band.path().boundingRect() if self._band.isVisible() else None

    @property
    def wire(self) -> QPainterPath | None:
        """The way of the loose wire that is shown."""
        return self._wire.path() if self._wire.isVisible() else None

    @property
    def guides(self) -> int:
        """How many guides are shown."""
        return self._guides.path().elementCount() // 2 if self._guides.isVisible() else 0

    def show_wire(self, start: QPointF, end: QPointF, state: LooseState) -> None:
        theme = themes.current()
        path = loose_route(start, end).path()
        path.addEllipse(end, 3, 3)
        self._wire.setPath(path)
        self._wire.setPen(wire_pen(theme, {"ok": "lit", "bad": "bad", "open": "open"}[state]))
        self._wire.setVisible(True)

    def show_band(self, rect: QRectF | None) -> None:
        if rect is None:
            self._band.setVisible(False)
            return
        theme = themes.current()
        path = QPainterPath()
        path.addRect(rect.normalized())
        pen = QPen(theme.accent, 1)
        pen.setCosmetic(True)
        self._band.setPen(pen)
        self._band.setBrush(with_alpha(theme.accent, 0.12))
        self._band.setPath(path)
        self._band.setVisible(True)

    def show_guides(self, lines: Sequence[QLineF]) -> None:
        path = QPainterPath()
        for line in lines:
            path.moveTo(line.p1())
            path.lineTo(line.p2())
        pen = QPen(themes.current().accent, 1, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._guides.setPen(pen)
        self._guides.setPath(path)
        self._guides.setVisible(bool(lines))

    def clear(self) -> None:
        for item in (self._wire, self._guides, self._band):
            item.setVisible(False)

    def clear_wire(self) -> None:
        self._wire.setVisible(False)

    def paint(self, painter: QPainter) -> None:
        """Draw the same from afar, where the view draws without items."""
        for item in (self._wire, self._guides, self._band):
            if item.isVisible():
                painter.setPen(item.pen())
                painter.setBrush(item.brush())
                painter.drawPath(item.path())
