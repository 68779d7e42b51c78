"""Dragging cards, frames and notes; clicking them chooses them. A card dropped on a wire is put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.interaction import Interaction, adds, toggles
from flowloom.studio.canvas.interactions.snap import REACH, snap
from flowloom.studio.canvas.wires import crossing
from flowloom.studio.document.positions import frame, moved
from flowloom.studio.document.wiring import insertion

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Move(Interaction):
    """Shift while dragging holds the cards off the grid and the guides."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, stage: Stage, start: QPointF, grabbed: str, event: QMouseEvent) -> None:
        super().__init__(stage, start)
        self._grabbed = grabbed
        self._was_chosen = grabbed in stage.scene.selected
        if toggles(event) or adds(event):
            stage.scene.select([grabbed], "toggle" if toggles(event) else "add")
        elif not self._was_chosen:
            stage.scene.select([grabbed])
        stage.scene.set_current(grabbed)
        self._ids: tuple[str, ...] = ()
        self._others: list[QRectF] = []
        self._rect = QRectF()
        self._dx = self._dy = 0.0
        self._wire: PortRef | None = None

    def begin(self, event: QMouseEvent) -> None:
        scene = self.stage.scene
        if self._grabbed not in scene.selected:
            scene.select([self._grabbed], "add")
        self._ids = with_contents(self.stage, tuple(scene.selected))
        moving = set(self._ids)
        around = self.stage.view.visible_rect()
        self._others = [
            rect for id in scene.cards.cards if id not in moving and (rect := scene.rect(id)).intersects(around)
        ]  # fmt: skip
        self._rect = self.stage.rect_of(self._grabbed)

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        scene, way = self.stage.scene, pos - self.start
        self._dx, self._dy = way.x(), way.y()
        if adds(event):
            scene.show_guides(())
        else:
            found = snap(self._rect.translated(way), self._others, REACH / self.stage.view.zoom)
            self._dx, self._dy = self._dx + found.dx, self._dy + found.dy
            scene.show_guides(found.lines)
        scene.move_live(self._ids, self._dx, self._dy)
        self._wire = self._insertable()
        scene.mark_wire(self._wire)

    def _insertable(self) -> PortRef | None:
        """The wire the one dragged card would be put into."""
        stage = self.stage
        if len(self._ids) != 1 or self._grabbed not in stage.scene.cards.cards or not stage.document.editable:
            return None
        if stage.scene.cards.wires_of(self._grabbed):
            return None
        routes = {key: item.route for key, item in stage.scene.wire_items.items() if item.isVisible()}
        key = crossing(routes, self._rect.translated(self._dx, self._dy))
        if key is None:
            return None
        wire = stage.scene.cards.wires[key]
        return key if insertion(stage.document, stage.scene.cards, wire, self._grabbed) else None

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        stage = self.stage
        if self._wire is not None:
            wire, goal = stage.scene.cards.wires[self._wire], self._rect.translated(self._dx, self._dy)
            self.cancel()
            stage.insert(self._grabbed, wire, goal)
            return
        edit = moved(stage.document, stage.scene.places(), self._ids, self._dx, self._dy)
        self.cancel()
        stage.apply_all([edit])

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        if self._was_chosen and not toggles(event) and not adds(event):
            self.stage.scene.select([self._grabbed])

    def cancel(self) -> None:
        self.stage.scene.settle_live()
        self.stage.scene.clear_overlays()


def with_contents(stage: Stage, ids: tuple[str, ...]) -> tuple[str, ...]:
    """``ids`` with everything that stands inside the frames among them."""
    found = dict.fromkeys(ids)
    for id in ids:
        if frame(stage.document, id) is None:
            continue
        inside = stage.rect_of(id)
        for other in stage.all_ids():
            if other != id and inside.contains(stage.rect_of(other)):
                found[other] = None
    return tuple(found)
