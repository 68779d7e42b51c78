"""Cards on the move: dragged, or gliding to other places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QGraphicsView

from flowloom.flows.document.layout import Place
from flowloom.studio.canvas.card_item import CardItem

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

MANY: Final = 12


class Motion:
    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.live: dict[str, None] = {}
        """Ids of what is dragged now."""
        self.steps = 0
        """Grows with every move of what is dragged."""
        self._glide: QVariantAnimation | None = None

    @property
    def moving(self) -> bool:
        """Whether cards are shown elsewhere than where the document has them."""
        return bool(self.live) or self.gliding

    @property
    def gliding(self) -> bool:
        return self._glide is not None

    def move_live(self, ids: Iterable[str], dx: float, dy: float) -> None:
        scene = self._scene
        wanted = dict.fromkeys(ids)
        if wanted.keys() != self.live.keys():
            self.settle()
            self.live = {name: None for name in wanted if not scene.rect(name).isNull()}
            scene.revision += 1
            self._update_whole(len(self.live) > MANY)
        self.steps += 1
        shift = QPointF(dx, dy)
        cards = scene.card_items
        keys: dict[object, bool] = {}
        for name in self.live:
            item = scene.item(name)
            if item is None:
                continue
            item.setPos(item.at + shift)
            if isinstance(item, CardItem):
                for key in scene.wires_at(name):
                    keys[key] = key in keys
        for key, both in keys.items():
            item = scene.wire_items.get(key)  # pyright: ignore[reportArgumentType]
            if item is None:
                continue
            if both:
                item.setPos(shift)
            else:
                source, target = item.wire.source, item.wire.target
                if source.card in cards and target.card in cards:
                    item.set_route(scene.layer.way(source, target))

    def settle(self) -> None:
        if not self.live:
            return
        scene = self._scene
        names, self.live = list(self.live), {}
        self._update_whole(False)
        areas = []
        for name in names:
            item = scene.item(name)
            if item is not None:
                areas.append(scene.rect(name))
                item.setPos(item.at)
                areas.append(scene.rect(name))
        scene.layer.reroute(names, areas)

    def _update_whole(self, whole: bool) -> None:
        """Whether views are painted whole: for hundreds of cards that costs less than finding out what they covered and cover."""
        mode = QGraphicsView.ViewportUpdateMode
        for view in self._scene.views():
            view.setViewportUpdateMode(mode.FullViewportUpdate if whole else mode.SmartViewportUpdate)

    def animate_to(self, places: Mapping[str, Place], milliseconds: int) -> None:
        scene = self._scene
        self._stop()
        ways = [
            (item, item.pos(), QPointF(place.x, place.y))
            for name, place in places.items()
            if (item := scene.card_items.get(name)) is not None
        ]
        names = list(places)
        if milliseconds <= 0 or not ways or scene.still:
            for item, _start, end in ways:
                item.at = end
                item.setPos(end)
            scene.layer.reroute(names)
            return
        glide = QVariantAnimation(scene)
        glide.setDuration(milliseconds)
        glide.setStartValue(0.0)
        glide.setEndValue(1.0)
        glide.setEasingCurve(QEasingCurve.Type.OutCubic)

        def step(share: float) -> None:
            for item, start, end in ways:
                item.setPos(start + (end - start) * share)
            scene.layer.reroute(names)

        glide.valueChanged.connect(step)
        glide.finished.connect(self._end)
        self._glide = glide
        glide.start()

    def _stop(self) -> None:
        if self._glide is not None:
            self._glide.stop()
            self._end()

    def _end(self) -> None:
        glide, self._glide = self._glide, None
        if glide is not None:
            glide.deleteLater()
        scene = self._scene
        for item in scene.card_items.values():
            if item.pos() != item.at:
                item.setPos(item.at)
        scene.layer.reroute(scene.card_items)
