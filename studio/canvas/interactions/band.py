"""The rubber band: a drag over empty canvas chooses what it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QMouseEvent

from flowloom.studio.canvas.interactions.interaction import Interaction, adds, toggles

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Band(Interaction):
    """Shift adds to what is chosen, Control takes cards in and out. ``clicked`` is a frame to choose where nothing is dragged."""

    def __init__(self, stage: Stage, start: QPointF, clicked: str | None = None) -> None:
        super().__init__(stage, start)
        self._before = tuple(stage.scene.selected)
        self._clicked = clicked
        self._rect = QRectF()

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        self._rect = QRectF(self.start, pos).normalized()
        self.stage.scene.show_band(self._rect)
        touched = self.stage.scene.cards_in(self._rect)
        if toggles(event):
            chosen = [id for id in self._before if id not in touched] + [id for id in touched if id not in self._before]
        elif adds(event):
            chosen = list(dict.fromkeys((*self._before, *touched)))
        else:
            chosen = touched
        if chosen != list(self.stage.scene.selected):
            self.stage.scene.select(chosen)

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        self.stage.scene.show_band(None)

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        if self._clicked is not None:
            mode = "toggle" if toggles(event) else "add" if adds(event) else "set"
            self.stage.scene.select([self._clicked], mode)
        elif not adds(event) and not toggles(event):
            self.stage.scene.select([])
            self.stage.scene.set_current(None)

    def cancel(self) -> None:
        self.stage.scene.show_band(None)
        self.stage.scene.select(self._before)
