"""Cutting wires: a line drawn across them, with Control and Shift held."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.flows.model.edits import Group
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.interaction import Interaction
from flowloom.studio.canvas.wires import Route
from flowloom.studio.document.wiring import disconnect
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Cut(Interaction):
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, start: QPointF) -> None:
        super().__init__(stage, start)
        self._line = QLineF(start, start)

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        self._line = QLineF(self.start, pos)
        self.stage.scene.show_guides((self._line,))
        count = len(self._crossed())
        words = tr("Cuts {count} wires", count=count) if count > 1 else tr("Cuts one wire") if count else ""
        self.stage.hint.tell(words, event.position().toPoint())

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        keys = self._crossed()
        self.cancel()
        if keys:
            cuts = tuple(disconnect(self.stage.document, key) for key in keys)
            title = tr("Cut {count} wires", count=len(cuts)) if len(cuts) > 1 else tr("Cut one wire")
            self.stage.apply(Group(title, cuts))

    def _crossed(self) -> list[PortRef]:
        return [key for key, item in self.stage.scene.wire_items.items() if item.isVisible() and crosses(item.route, self._line)]

    def cancel(self) -> None:
        self.stage.scene.clear_overlays()
        self.stage.hint.tell("")


def crosses(route: Route, line: QLineF) -> bool:
    """Whether a line goes through a wire."""
    points = [QPointF(x, y) for x, y in route.points()]
    for first, second in pairwise(points):
        kind, _point = QLineF(first, second).intersects(line)
        if kind == QLineF.IntersectionType.BoundedIntersection:
            return True
    return False
