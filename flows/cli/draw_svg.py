"""Draws a flow as an SVG picture that follows the reader's light or dark theme. Holds no script and loads nothing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from html import escape
from typing import Final

from flowloom.flows.cli.draw_text import cells, fit
from flowloom.flows.cli.layout import layered
from flowloom.flows.cli.picture import Card, Picture

_CARD_HEIGHT: Final = 52
_LAYER_GAP: Final = 56
_CARD_GAP: Final = 32
_MARGIN: Final = 24
_BEND: Final = 8
_MOST_CHARACTERS: Final = 34
_KINDS: Final = {
    "llm": "#8f7df7", "prompt": "#4a9df0", "python": "#d8a534", "retrieval": "#2bb3a3",
    "agent": "#e0679f", "logic": "#dd8450", "io": "#8593a8", "out": "#8593a8",
}  # fmt: skip
_STYLE: Final = """
  text { font-family: Inter, system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif }
  .page { fill: #fafbfc } .card { fill: #ffffff; stroke: #c6ccd6 } .title { fill: #1a1e26; font-size: 13px; font-weight: 600 }
  .about { fill: #59636f; font-size: 11px } .wire { stroke: #8593a8; stroke-width: 2; fill: none } .tip { fill: #8593a8 }
  .dashed { stroke-dasharray: 6 4 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #101216 } .card { fill: #1b1e25; stroke: #414857 } .title { fill: #e8ebf1 } .about { fill: #a3acba }
  }
"""


def draw_svg(picture: Picture) -> str:
    """The graph from top to bottom as one SVG document."""
    widths = {card.id: _width(card) for card in picture.cards}
    edges = [(wire.source, wire.target) for wire in picture.wires]
    layout = layered(widths, edges, gap=_CARD_GAP, bend_width=_BEND)
    top = {
        station: _MARGIN + number * (_CARD_HEIGHT + _LAYER_GAP)
        for number, row in enumerate(layout.layers)
        for station in row
    }
    middle = {station: round(_MARGIN + place, 1) for station, place in layout.centre.items()}
    sizes = {station: widths[station] if isinstance(station, str) else _BEND for station in middle}
    width = max((middle[station] + size / 2 for station, size in sizes.items()), default=0) + _MARGIN
    height = _MARGIN * 2 + len(layout.layers) * (_CARD_HEIGHT + _LAYER_GAP) - _LAYER_GAP
    conditions = {(wire.source, wire.target): wire.condition for wire in picture.wires if wire.condition}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {max(height, 2 * _MARGIN):g}" '
        f'width="{width:g}" height="{max(height, 2 * _MARGIN):g}" role="img" aria-label="{_text(picture.name)}">',
        f"<title>{_text(picture.name)}</title><style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
        '<rect class="page" width="100%" height="100%"/>',
    ]
    for edge, path in layout.paths.items():
        condition = conditions.get(edge, "")
        words = f"<title>{_text(condition)}</title>" if condition else ""
        dashed = " dashed" if condition else ""
        parts.append(
            f'<path class="wire{dashed}" d="{_curve(path, middle, top)}" marker-end="url(#tip)">{words}</path>'
        )
    parts += [_card(card, middle[card.id], top[card.id], widths[card.id]) for card in picture.cards]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _width(card: Card) -> float:
    text = max(cells(fit(card.title, _MOST_CHARACTERS)) * 8.0, cells(fit(card.about, _MOST_CHARACTERS)) * 6.2)
    return max(120.0, text + 40)


def _card(card: Card, middle: float, top: float, width: float) -> str:
    left = round(middle - width / 2, 1)
    return (
        f"<g><title>{_text(card.title)}: {_text(card.about)}</title>"
        f'<rect class="card" x="{left:g}" y="{top:g}" width="{width:g}" height="{_CARD_HEIGHT}" rx="10"/>'
        f'<rect x="{left + 12:g}" y="{top + 14:g}" width="4" height="24" rx="2" fill="{_KINDS[card.kind]}"/>'
        f'<text class="title" x="{left + 26:g}" y="{top + 23:g}">{_text(fit(card.title, _MOST_CHARACTERS))}</text>'
        f'<text class="about" x="{left + 26:g}" y="{top + 40:g}">{_text(fit(card.about, _MOST_CHARACTERS))}</text></g>'
    )


def _curve(path: tuple[object, ...], middle: Mapping[object, float], top: Mapping[object, float]) -> str:
    """From the foot of the first card to the head of the last, upright at each station; upwards where the wire closes a
    cycle.
    """
    down = top[path[0]] < top[path[-1]]
    points: list[tuple[float, float]] = []
    for number, station in enumerate(path):
        head, foot = (
            (top[station], top[station] + _CARD_HEIGHT) if down else (top[station] + _CARD_HEIGHT, top[station])
        )
        points += [] if number == 0 else [(middle[station], head)]
        points += [] if number == len(path) - 1 else [(middle[station], foot)]
    drawn = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        if x == next_x:
            drawn.append(f"L{next_x:g} {next_y:g}")
        else:
            half = (y + next_y) / 2
            drawn.append(f"C{x:g} {half:g} {next_x:g} {half:g} {next_x:g} {next_y:g}")
    return "".join(drawn)


def _text(text: str) -> str:
    """Escaped, without the control characters that XML cannot hold."""
    return escape("".join(character for character in text if character.isprintable()))
