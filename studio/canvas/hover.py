"""What the pointer is over: a card, or a wire and both its cards, are lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowloom.studio.canvas.hits import Hit

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene


class Hover:
    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._cards: tuple[str, ...] = ()
        self._fold = False

    def set(self, found: Hit | None) -> None:
        """The pointer is over this now, or over nothing."""
        scene, layer = self._scene, self._scene.layer
        wire = found.wire if found is not None else None
        cards = (wire.source.card, wire.target.card) if wire else ()
        if found is not None and found.kind in ("card", "title", "fold", "fix", "port"):
            cards = (found.id,)
        key = wire.key if wire else None
        fold = found is not None and found.kind == "fold"
        if (cards, key, fold) == (self._cards, layer.hovered, self._fold):
            return
        for name in {*self._cards, *cards}:
            if (item := scene.card_items.get(name)) is not None:
                item.set_hovered(name in cards, fold and name in cards)
        before, self._cards, self._fold, layer.hovered = layer.hovered, cards, fold, key
        layer.restate([other for other in (before, key) if other is not None])
