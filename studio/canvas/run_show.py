"""Shows a run on the cards and wires of a scene, and moves what moves by itself meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QTimer

from flowloom.studio.canvas.run_marks import marks_of
from flowloom.studio.theme import theme as themes

if TYPE_CHECKING:
    from flowloom.studio.canvas.card_item import CardItem
    from flowloom.studio.canvas.scene import CanvasScene

FRAME_MS: Final = 33
"""How often spinners and the dashes of wires that flow are drawn."""
TURN_MS: Final = 900
"""How long a spinner takes to turn once."""
FEW: Final = 3
CALM_MS: Final = 300
"""How long after cards grew the wires that pass them are laid anew."""


class RunShow:
    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.turn = 0.0
        """How far spinners have turned, in turns."""
        self._clock = QTimer(scene)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._busy: dict[str, CardItem] = {}
        self._grown: set[str] = set()
        self._calm = QTimer(scene)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self._give_way)

    @property
    def busy(self) -> int:
        """How many cards are at work."""
        return len(self._busy)

    def update(self, names: Iterable[str]) -> None:
        """Some nodes of the scene's run look different now."""
        scene = self._scene
        run = scene.run
        grown: list[str] = []
        area, changed = QRectF(), 0
        for name in set(names):
            item = scene.card_items.get(name)
            if item is None:
                continue
            before, old = item.marks.state, item.marks
            if item.set_marks(marks_of(run.nodes.get(name) if run is not None else None)):
                grown.append(name)
            if item.marks is not old:
                area, changed = area.united(item.sceneBoundingRect()), changed + 1
            if item.marks.state == "running":
                self._busy[name] = item
            else:
                self._busy.pop(name, None)
            if item.marks.state != before:
                scene.layer.restate(scene.layer.at(name))
        if changed > FEW:
            # One large area is painted faster than many small ones.
            scene.update(area)
        if grown:
            # Ports stand above what a run adds: only wires that pass by may have to give way, and that can wait for a calm moment.
            self._grown.update(grown)
            self._calm.start()
        if self._busy and not self._clock.isActive():
            self._clock.start()
        elif not self._busy:
            self._clock.stop()

    def forget(self, name: str) -> None:
        """A card is gone."""
        self._busy.pop(name, None)

    def _give_way(self) -> None:
        scene = self._scene
        names, self._grown = [name for name in self._grown if name in scene.card_items], set()
        scene.layer.reroute(names, [scene.rect(name) for name in names])

    def _tick(self) -> None:
        """Only the small part of each card that moves is drawn anew."""
        if self._scene.still:
            return
        self.turn = (self.turn + FRAME_MS / TURN_MS) % 1.0
        for item in self._busy.values():
            item.update(item.geometry.state.adjusted(-2, -2, 2, 2))
        self._scene.layer.flow(themes.current(), self.turn * 14)
