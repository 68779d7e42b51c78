"""Draws a flow in the terminal: boxes in layers with lines between them, or a list where the window is too narrow for
boxes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Final

from flowloom.flows.cli.layout import Layout, layered
from flowloom.flows.cli.picture import Card, Picture
from flowloom.flows.cli.sink import clean

NORTH, SOUTH, EAST, WEST = 1, 2, 4, 8
_LINES: Final = {
    NORTH: "│", SOUTH: "│", NORTH | SOUTH: "│", EAST: "─", WEST: "─", EAST | WEST: "─",
    SOUTH | EAST: "╭", SOUTH | WEST: "╮", NORTH | EAST: "╰", NORTH | WEST: "╯",
    NORTH | SOUTH | EAST: "├", NORTH | SOUTH | WEST: "┤", SOUTH | EAST | WEST: "┬", NORTH | EAST | WEST: "┴",
    NORTH | SOUTH | EAST | WEST: "┼",
}  # fmt: skip
_PLAIN: Final = str.maketrans("│─╭╮╰╯├┤┬┴┼▼·…←", "|-+++++++++v-.<")
_WIDEST: Final = 44
_MOST_CARDS: Final = 120
_COLOURS: Final = {
    "llm": "magenta",
    "prompt": "blue",
    "python": "yellow",
    "retrieval": "cyan",
    "agent": "magenta",
    "logic": "red",
}

Styler = Callable[..., str]


def draw_text(picture: Picture, columns: int, *, style: Styler | None = None, unicode: bool = True) -> str:
    """The graph as text no wider than ``columns``; ``style(text, *names)`` colours it. ``unicode`` False keeps to
    ASCII.
    """
    if not picture.cards:
        return "(this flow has no nodes)\n"
    paint = style or (lambda text, *names: text)
    drawn = _boxes(picture, columns, paint) if len(picture.cards) <= _MOST_CARDS else None
    text = drawn if drawn is not None else _list(picture, columns, paint)
    return text if unicode else _ascii(text)


def cells(text: str) -> int:
    """How many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with an ellipsis where something is left out."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for character in text:
        used += cells(character)
        if used > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"


class _Grid:
    """Characters and lines by row and column. Lines carry the net they belong to, so that crossings are no joints."""

    def __init__(self) -> None:
        self._characters: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = {}
        self._lines: dict[tuple[int, int], tuple[object, int]] = {}

    def text(self, row: int, column: int, text: str, *styles: str) -> None:
        for character in text:
            self._characters[row, column] = (character, styles)
            width = cells(character)
            for more in range(1, width):
                self._characters[row, column + more] = ("", styles)
            column += width

    def line(self, row: int, column: int, net: object, directions: int) -> None:
        known, before = self._lines.get((row, column), (net, 0))
        if known == net:
            self._lines[row, column] = (net, before | directions)
        elif directions & (NORTH | SOUTH):  # of two nets that cross, the upright one stays whole
            self._lines[row, column] = (net, directions)

    def rows(self, paint: Styler) -> list[str]:
        places = {**{place: (_LINES[bits], ("dim",)) for place, (_, bits) in self._lines.items()}, **self._characters}
        by_row: dict[int, dict[int, tuple[str, tuple[str, ...]]]] = {}
        for (row, column), drawn in places.items():
            by_row.setdefault(row, {})[column] = drawn
        return [_row(by_row.get(row, {}), paint) for row in range(max(by_row, default=-1) + 1)]


def _row(drawn: dict[int, tuple[str, tuple[str, ...]]], paint: Styler) -> str:
    pieces: list[tuple[str, tuple[str, ...]]] = []
    for column in range(max(drawn, default=-1) + 1):
        character, styles = drawn.get(column, (" ", ()))
        if pieces and pieces[-1][1] == styles:
            pieces[-1] = (pieces[-1][0] + character, styles)
        else:
            pieces.append((character, styles))
    return "".join(paint(text, *styles) if styles else text for text, styles in pieces)


def _card_lines(card: Card, picture: Picture) -> list[tuple[str, tuple[str, ...]]]:
    colour = _COLOURS.get(card.kind)
    lines = [(card.title, ("bold", colour) if colour else ("bold",)), (card.about, ("dim",))]
    lines += [(wire.condition, ("dim",)) for wire in picture.wires if wire.target == card.id and wire.condition]
    return [(fit(clean(text), _WIDEST - 4), styles) for text, styles in lines if text]


def _boxes(picture: Picture, columns: int, paint: Styler) -> str | None:
    """The drawing with boxes; None where it would be wider than ``columns``."""
    lines = {card.id: _card_lines(card, picture) for card in picture.cards}
    # An odd width has a middle column, where the wire leaves.
    widths = {id: (max(cells(text) for text, _ in inside) + 4) | 1 for id, inside in lines.items()}
    edges = [(wire.source, wire.target) for wire in picture.wires]
    layout = layered(dict(widths), edges, gap=2, bend_width=1, step=1)
    right = max(place + widths.get(station, 1) / 2 for station, place in layout.centre.items())  # type: ignore[arg-type]
    if right > columns:
        return None
    grid = _Grid()
    column = {station: int(place) for station, place in layout.centre.items()}
    top = 0
    for number, row in enumerate(layout.layers):
        height = max((len(lines[station]) + 2 for station in row if isinstance(station, str)), default=1)
        for station in row:
            if isinstance(station, str):
                _draw_box(grid, top, column[station] - widths[station] // 2, widths[station], lines[station])
                filler = range(top + len(lines[station]) + 2, top + height) if _goes_on(station, layout) else ()
            else:
                filler = range(top, top + height)
            for line in filler:
                grid.line(line, column[station], _net(station), NORTH | SOUTH)
        top += height
        if number + 1 < len(layout.layers):
            top += _draw_channel(grid, top, row, layout, column, widths)
    return "\n".join(line.rstrip() for line in grid.rows(paint)) + "\n"


def _net(station: object) -> object:
    return station if isinstance(station, str) else station[0]  # type: ignore[index]


def _goes_on(station: object, layout: Layout) -> bool:
    return any(path[0] == station for path in _downward(layout))


def _downward(layout: Layout) -> list[tuple[object, ...]]:
    """Paths from the upper to the lower end; those of a cycle are turned."""
    number = {station: at for at, row in enumerate(layout.layers) for station in row}
    return [path if number[path[0]] < number[path[-1]] else tuple(reversed(path)) for path in layout.paths.values()]


def _draw_box(grid: _Grid, top: int, left: int, width: int, lines: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    grid.text(top, left, "╭" + "─" * (width - 2) + "╮", "dim")
    for offset, (text, styles) in enumerate(lines, start=1):
        grid.text(top + offset, left, "│", "dim")
        grid.text(top + offset, left + 2, text, *styles)
        grid.text(top + offset, left + width - 1, "│", "dim")
    grid.text(top + len(lines) + 1, left, "╰" + "─" * (width - 2) + "╯", "dim")


def _draw_channel(
    grid: _Grid, top: int, row: Sequence[object], layout: Layout, column: dict[object, int], widths: dict[str, int]
) -> int:
    """Draw the wires between a layer and the next; returns how many rows they take."""
    pairs = list(
        dict.fromkeys(pair for path in _downward(layout) for pair in itertools.pairwise(path) if pair[0] in row)
    )
    if not pairs:
        return 1
    entries = _entries(pairs, column, widths)
    targets: dict[object, list[int]] = {}
    for upper, lower in pairs:
        targets.setdefault(upper, []).append(entries[upper, lower])
    tracks = _tracks({upper: (column[upper], ends) for upper, ends in targets.items()})
    height = max(tracks.values(), default=-1) + 2
    for upper, ends in targets.items():
        exit_column, net = column[upper], _net(upper)
        track = top + tracks.get(upper, 0)
        for line in range(top, track):
            grid.line(line, exit_column, net, NORTH | SOUTH)
        if upper in tracks:
            low, high = min([exit_column, *ends]), max([exit_column, *ends])
            for place in range(low, high + 1):
                directions = (EAST if place < high else 0) | (WEST if place > low else 0)
                grid.line(
                    track,
                    place,
                    net,
                    directions | (NORTH if place == exit_column else 0) | (SOUTH if place in ends else 0),
                )
        for end in ends:
            for line in range(track + (1 if upper in tracks else 0), top + height):
                grid.line(line, end, net, NORTH | SOUTH)
    for (_, lower), end in entries.items():
        if isinstance(lower, str):
            grid.text(top + height - 1, end, "▼", "dim")
    return height


def _entries(
    pairs: Sequence[tuple[object, object]], column: dict[object, int], widths: dict[str, int]
) -> dict[tuple[object, object], int]:
    """The column in which each wire reaches its target: its own straight down where it can, never one that another wire
    leaves by.
    """
    exits = {column[upper]: upper for upper, _ in pairs}
    arriving: dict[object, list[int]] = {}
    for upper, lower in pairs:
        arriving.setdefault(lower, []).append(column[upper])
    taken: set[int] = {column[lower] for _, lower in pairs if not isinstance(lower, str)}
    chosen: dict[tuple[object, object], int] = {}
    for upper, lower in sorted(pairs, key=lambda pair: (abs(column[pair[0]] - column[pair[1]]), column[pair[0]])):
        if not isinstance(lower, str):
            chosen[upper, lower] = column[lower]
            continue
        left, right = column[lower] - widths[lower] // 2 + 1, column[lower] + widths[lower] // 2 - 1
        wish = column[upper]
        if not left <= wish <= right:  # spread over the box, in the order they come
            place = sorted(arriving[lower]).index(wish) + 1
            wish = left + place * (right - left) // (len(arriving[lower]) + 1)
        free = [
            place
            for place in range(left, right + 1)
            if place not in taken and exits.get(place, upper) is upper  # a straight way down, or nobody's column
        ]
        airy = [place for place in free if place - 1 not in taken and place + 1 not in taken]
        chosen[upper, lower] = min(airy or free, key=lambda place: abs(place - wish)) if free else column[lower]
        taken.add(chosen[upper, lower])
    return chosen


def _tracks(nets: dict[object, tuple[int, list[int]]]) -> dict[object, int]:
    """The row of each net's level part. A net that leaves by a column must turn above one that arrives by the same
    column.
    """
    tracks: dict[object, int] = {}
    spans: dict[object, tuple[int, int]] = {}
    waiting = {net: (exit, ends) for net, (exit, ends) in nets.items() if set(ends) != {exit}}
    while waiting:
        free = [
            net
            for net, (_, ends) in waiting.items()
            if not any(other is not net and exit in ends for other, (exit, _) in waiting.items())
        ]
        # The shortest first keeps their turns close to the boxes; a knot of nets is cut at the first.
        net = min(free or list(waiting)[:1], key=lambda net: abs(waiting[net][0] - waiting[net][1][0]))
        exit, ends = waiting.pop(net)
        span = (min([exit, *ends]), max([exit, *ends]))
        first = max((tracks[other] + 1 for other in tracks if nets[other][0] in ends), default=0)
        clash = {tracks[other] for other, (low, high) in spans.items() if low <= span[1] + 1 and span[0] <= high + 1}
        tracks[net] = next(track for track in range(first, len(nets) + first + 1) if track not in clash)
        spans[net] = span
    return tracks


def _list(picture: Picture, columns: int, paint: Styler) -> str:
    """One line a card, each with what it takes from: for narrow windows and large flows."""
    before: dict[str, list[str]] = {}
    for wire in picture.wires:
        before.setdefault(wire.target, []).append(wire.source)
    widest = min(max(cells(card.title) for card in picture.cards), _WIDEST, max(8, columns // 3))
    rows: list[str] = []
    for card in _in_order(picture):
        title = fit(clean(card.title), widest)
        colour = _COLOURS.get(card.kind)
        sources = "← " + ", ".join(dict.fromkeys(before[card.id])) if card.id in before else ""
        rest = "  ".join(part for part in (card.about, sources) if part)
        padding = " " * (widest - cells(title))
        rows.append(
            f"{paint(title, 'bold', *([colour] if colour else []))}{padding}  {paint(fit(clean(rest), max(8, columns - widest - 2)), 'dim')}"
        )
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _in_order(picture: Picture) -> list[Card]:
    layout = layered(
        {card.id: 1.0 for card in picture.cards},
        [(wire.source, wire.target) for wire in picture.wires],
        gap=1,
        bend_width=0,
    )
    cards = {card.id: card for card in picture.cards}
    return [cards[station] for row in layout.layers for station in row if isinstance(station, str)]


def _ascii(text: str) -> str:
    return text.translate(_PLAIN)
