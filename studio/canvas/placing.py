"""Where cards stand: where the layout says, and a place for those it says nothing about, which stays as long as the flow is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flowloom.flows.document.layout import Layout, Place
from flowloom.studio.canvas.arrange import COLUMN_GAP, Size, Spot, arrange, place_missing
from flowloom.studio.canvas.cards import Cards
from flowloom.studio.canvas.wire_item import words_width

WORDS_ROOM = 48
"""Room on both sides of a condition's words together."""
RUN_ROOM = 92
"""Room that arranging leaves below each node for what a run will show on it."""


def roomy(cards: Cards, sizes: Mapping[str, tuple[float, float]]) -> dict[str, Size]:
    """The sizes that arranging works with: with room below for what a run will show, and right of a card for the words of conditions."""
    words: dict[str, float] = {}
    for wire in cards.wires.values():
        if wire.is_condition:
            words[wire.source.card] = max(words.get(wire.source.card, 0.0), words_width(wire.words) + WORDS_ROOM - COLUMN_GAP)
    return {
        name: Size(
            wide + max(words.get(name, 0.0), 0.0),
            tall + (RUN_ROOM if cards.cards[name].is_node and not cards.cards[name].collapsed else 0),
        )
        for name, (wide, tall) in sizes.items()
    }


class Placing:
    """Remembers the places it found, so that cards stay where they are seen until a person moves one."""

    def __init__(self) -> None:
        self._found: dict[str, Spot] = {}

    def forget(self) -> None:
        self._found.clear()

    def places(
        self,
        layout: Layout,
        cards: Cards,
        sizes: Callable[[], Mapping[str, tuple[float, float]]],
        edges: Callable[[], Sequence[tuple[str, str]]],
    ) -> dict[str, Place]:
        """The place of every card. ``sizes`` and ``edges`` are asked for only where a place must be found."""
        written = layout.places
        section = layout.data.get("nodes")
        entries = section if isinstance(section, dict) else {}
        stand = {name for name in cards.cards if _has_spot(entries.get(name))}
        missing = [name for name in cards.cards if name not in stand and name not in self._found]
        if missing:
            room = roomy(cards, sizes())
            if not stand and not self._found:
                self._found = arrange(room, edges())
            else:
                spots = {name: (written[name].x, written[name].y) for name in stand}
                spots.update({name: spot for name, spot in self._found.items() if name in cards.cards and name not in stand})
                plain = {name: Size(*size) for name, size in sizes().items()}
                self._found.update(place_missing(plain, edges(), spots, missing))
        found: dict[str, Place] = {}
        for name in cards.cards:
            place = written.get(name) or Place()
            if name not in stand:
                x, y = self._found[name]
                place = replace(place, x=x, y=y)
            found[name] = place
        return found


def _has_spot(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), int | float) for key in ("x", "y"))
