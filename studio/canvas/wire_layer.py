"""All wires of a scene: kept in step with the flow's, laid around cards, and dressed for what goes on at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF

from flowloom.studio.canvas import wires
from flowloom.studio.canvas.cards import PortRef, Wire
from flowloom.studio.canvas.detours import Obstacles, route_around
from flowloom.studio.canvas.wire_item import WireItem, wire_item
from flowloom.studio.canvas.wires import Route, route
from flowloom.studio.theme.theme import Theme

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

MANY: Final = 40
"""When more cards than this moved at once, all wires are laid anew."""


class WireLayer:
    """``items`` are the wires by the port they end in."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.items: dict[PortRef, WireItem] = {}
        self.marked: PortRef | None = None
        self.hovered: PortRef | None = None
        self._at: dict[str, list[PortRef]] = {}
        self._matched: Mapping[PortRef, Wire] | None = None
        self._flowing: set[PortRef] = set()
        self._obstacles = Obstacles()

    def at(self, card: str) -> Sequence[PortRef]:
        """Keys of the wires that begin or end at a card."""
        return self._at.get(card, ())

    def match(self, wanted: Mapping[PortRef, Wire]) -> None:
        """Make the items those of the flow's wires."""
        scene = self._scene
        if wanted is self._matched:
            return
        self._matched = wanted
        scene.revision += 1
        fresh: list[PortRef] = []
        for key in [key for key, item in self.items.items() if key not in wanted or wanted[key] != item.wire]:
            scene.removeItem(self.items.pop(key))
        for key, wire in wanted.items():
            if key not in self.items:
                self.items[key] = wire_item(wire, self.way(wire.source, wire.target))
                scene.addItem(self.items[key])
                fresh.append(key)
        self._at = {}
        for key, wire in wanted.items():
            self._at.setdefault(wire.source.card, []).append(key)
            if wire.target.card != wire.source.card:
                self._at.setdefault(wire.target.card, []).append(key)
        self.restate(fresh)

    def way(self, source: PortRef, target: PortRef) -> Route:
        """The way of a wire; around other cards, but for the time that cards are on the move."""
        cards = self._scene.card_items
        first, last = cards[source.card], cards[target.card]
        start, end = first.port_point(source), last.port_point(target)
        if self._scene.motion.moving:
            return route(start, end, first.card_rect, last.card_rect)
        return route_around(start, end, first.card_rect, last.card_rect, self._obstacles, (source.card, target.card))

    def placed(self, names: Iterable[str]) -> None:
        """Cards came, went, moved or changed their size."""
        cards = self._scene.card_items
        for name in names:
            if (item := cards.get(name)) is not None:
                self._obstacles.put(name, item.card_rect)
            else:
                self._obstacles.drop(name)

    def reroute(self, cards: Iterable[str], areas: Sequence[QRectF] = ()) -> None:
        """Lay the wires of these cards anew, after they moved, and those that pass the areas they left or came to."""
        self._scene.revision += 1
        names = set(cards)
        if not self._scene.motion.moving:
            self.placed(names)
        if len(names) > MANY:
            keys: Iterable[PortRef] = list(self.items)
        else:
            keys = {key for name in names for key in self._at.get(name, ())}
            if areas:
                keys |= {key for key, item in self.items.items() if _passes(item.bounds, areas)}
        for key in keys:
            item = self.items.get(key)
            if item is not None:
                way = self.way(item.wire.source, item.wire.target)
                if way != item.route or not item.pos().isNull():
                    item.set_route(way)

    def restate(self, keys: Iterable[PortRef]) -> None:
        """Give wires the look of their state."""
        scene = self._scene
        for key in keys:
            item = self.items.get(key)
            if item is None:
                continue
            before = item.state, item.isVisible()
            source, target = scene.card_items[item.wire.source.card], scene.card_items[item.wire.target.card]
            item.setVisible(not (source.card.hide_wires or target.card.hide_wires) or source.chosen or target.chosen)
            if key == self.marked:
                item.set_state("marked")
            elif target.marks.state == "running" and source.marks.state != "waiting":
                item.set_state("flow")
                self._flowing.add(key)
            elif key == self.hovered or source.chosen or target.chosen:
                item.set_state("lit")
            else:
                item.set_state("idle")
            if item.state != "flow":
                self._flowing.discard(key)
            if before != (item.state, item.isVisible()):
                scene.revision += 1

    def dress(self, theme: Theme) -> None:
        for item in self.items.values():
            item.dress(theme)

    def flow(self, theme: Theme, phase: float) -> None:
        """Move the dashes of wires that flow."""
        for key in self._flowing:
            if (item := self.items.get(key)) is not None and item.state == "flow":
                item.dress(theme, phase)

    def nearest(self, point: QPointF, slack: float, skip: Iterable[str]) -> PortRef | None:
        """The key of the wire within ``slack`` of a point, but for those of the cards to ``skip``."""
        without = frozenset(skip)
        routes = {
            key: item.route
            for key, item in self.items.items()
            if item.isVisible() and not (without and (item.wire.source.card in without or key.card in without))
        }
        return wires.nearest(routes, point, slack)


def _passes(bounds: tuple[float, float, float, float], areas: Sequence[QRectF]) -> bool:
    left, top, right, bottom = bounds
    return any(area.left() < right and area.right() > left and area.top() < bottom and area.bottom() > top for area in areas)
