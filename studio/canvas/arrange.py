"""Arranges cards in layers from left to right: wires run one way, cross little, and cards keep apart by their real sizes.

Layers and the order within each are those of fast-sugiyama; where cards stand follows from their sizes: columns as wide as their widest
card, and heights by repeated averaging over the neighbours that keeps the order and the gaps.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID

COLUMN_GAP: Final = 72
ROW_GAP: Final = 40
PART_GAP: Final = 80
"""Between parts of the graph that no wire joins."""
GRID: Final = 8
SWEEPS: Final = 12
BEND: Final = 16
"""How much room a wire takes that passes a column."""


class Size(NamedTuple):
    width: float
    height: float


Edge = tuple[str, str]
Spot = tuple[float, float]


def arrange(sizes: Mapping[str, Size], edges: Iterable[Edge]) -> dict[str, Spot]:
    """The upper left corner of every card, on the grid, from (0, 0). Edges go from the card that gives to the one that takes.

    The card of the flow's inputs stands leftmost and that of its outputs rightmost; parts that no wire joins stand below one another.
    """
    known = [edge for edge in dict.fromkeys(edges) if edge[0] in sizes and edge[1] in sizes and edge[0] != edge[1]]
    joined = {name for edge in known for name in edge}
    spots: dict[str, Spot] = {}
    top = 0.0
    for part in _parts(known):
        placed = _part({name: sizes[name] for name in part}, [edge for edge in known if edge[0] in part])
        spots.update({name: (x, y + top) for name, (x, y) in placed.items()})
        top = max(spots[name][1] + sizes[name].height for name in part) + PART_GAP
    loose = [name for name in sizes if name not in joined]
    _loose(loose, sizes, spots, top)
    return {name: (_on_grid(x), _on_grid(y)) for name, (x, y) in spots.items()}


def _on_grid(length: float) -> float:
    return float(round(length / GRID) * GRID)


def _parts(edges: Sequence[Edge]) -> list[list[str]]:
    """Names joined by edges, the largest part first; that of the flow's own cards before all."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = name = root[root[name]]
        return name

    for source, target in edges:
        root[find(source)] = find(target)
    found: dict[str, list[str]] = {}
    for name in root:
        found.setdefault(find(name), []).append(name)
    return sorted(found.values(), key=lambda part: (INPUTS_ID not in part, OUTPUTS_ID not in part, -len(part)))


def _part(sizes: Mapping[str, Size], edges: Sequence[Edge]) -> dict[str, Spot]:
    layer = _layers(list(sizes), edges)
    columns, neighbours = _columns(list(sizes), edges, layer)
    x: list[float] = []
    left = 0.0
    for column in columns:
        x.append(left)
        widest = max((sizes[name].width for name in column if isinstance(name, str)), default=0)
        left += widest + COLUMN_GAP
    heights = {name: sizes[name].height if isinstance(name, str) else BEND for column in columns for name in column}
    middles = _heights(columns, neighbours, heights)
    lowest = min(middles[name] - heights[name] / 2 for name in sizes)
    return {name: (x[layer[name]], middles[name] - heights[name] / 2 - lowest) for name in sizes}


def _layers(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each card: right of all it takes from, and its givers as close to it as may be; edges of a cycle that run back do not
    count."""
    forward = _acyclic(names, edges)
    sources: dict[str, list[str]] = {name: [] for name in names}
    targets: dict[str, list[str]] = {name: [] for name in names}
    for source, target in forward:
        sources[target].append(source)
        targets[source].append(target)
    left = {name: len(sources[name]) for name in names}
    layer = dict.fromkeys(names, 0)
    ready = [name for name in names if not left[name]]
    order: list[str] = []
    while ready:
        name = ready.pop()
        order.append(name)
        for target in targets[name]:
            layer[target] = max(layer[target], layer[name] + 1)
            left[target] -= 1
            if not left[target]:
                ready.append(target)
    # Cards that nothing feeds stand next to what they feed, not far off at the left.
    for name in reversed(order):
        if targets[name] and not sources[name] and name != INPUTS_ID:
            layer[name] = min(layer[target] for target in targets[name]) - 1
    if OUTPUTS_ID in layer:
        layer[OUTPUTS_ID] = max(max(layer.values()), layer[OUTPUTS_ID])
        if any(name != OUTPUTS_ID and column == layer[OUTPUTS_ID] for name, column in layer.items()):
            layer[OUTPUTS_ID] += 1
    return layer


def _acyclic(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges without those that close a cycle, found by a walk in depth."""
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        after[source].append(target)
    state: dict[str, int] = {}
    back: set[Edge] = set()
    for start in names:
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(after[start]))]
        while stack:
            name, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                state[name] = 2
                stack.pop()
            elif state.get(target) == 1:
                back.add((name, target))
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(after[target])))
    return [edge for edge in edges if edge not in back]


Station = str | tuple[Edge, int]
"""A card, or the bend of an edge in a column that it passes."""


def _columns(
    names: Sequence[str], edges: Sequence[Edge], layer: Mapping[str, int]
) -> tuple[list[list[Station]], dict[Station, tuple[list[Station], list[Station]]]]:
    """The stations of each column in their order, and for each station those before and after it."""
    neighbours: dict[Station, tuple[list[Station], list[Station]]] = {name: ([], []) for name in names}
    steps: list[tuple[Station, Station]] = []
    columns: list[list[Station]] = [[] for _ in range(max(layer.values()) + 1)]
    for name in names:
        columns[layer[name]].append(name)
    for source, target in edges:
        if layer[source] == layer[target]:
            continue
        first, last = (source, target) if layer[source] < layer[target] else (target, source)
        chain: list[Station] = [first]
        for column in range(layer[first] + 1, layer[last]):
            bend = ((source, target), column)
            neighbours[bend] = ([], [])
            columns[column].append(bend)
            chain.append(bend)
        chain.append(last)
        steps += itertools.pairwise(chain)
    for before, after in steps:
        neighbours[before][1].append(after)
        neighbours[after][0].append(before)
    rank = _order(steps)
    if rank:
        for column in columns:
            column.sort(key=lambda station: rank.get(station, 0.0))
    return columns, neighbours


def _order(steps: Sequence[tuple[Station, Station]]) -> dict[Station, float]:
    """How far along its layer fast-sugiyama puts each station. Every edge joins neighbouring layers, so that its layers are ours."""
    import fast_sugiyama

    if not steps:
        return {}
    numbers = {station: number for number, station in enumerate(dict.fromkeys(name for step in steps for name in step))}
    stations = list(numbers)
    layouts = fast_sugiyama.from_edges(
        [(numbers[before], numbers[after]) for before, after in steps], ranking_type="up", dummy_vertices=False, check_layout=False
    )
    return {stations[number]: x for positions, *_ in layouts for number, (x, _y) in positions if isinstance(number, int)}


def _heights(
    columns: Sequence[Sequence[Station]],
    neighbours: Mapping[Station, tuple[list[Station], list[Station]]],
    heights: Mapping[Station, float],
) -> dict[Station, float]:
    """The middle of each station: near its neighbours', in the order of its column, and apart by its size."""
    middles: dict[Station, float] = {}
    for column in columns:
        tall = sum(heights[name] for name in column) + ROW_GAP * (len(column) - 1)
        y = -tall / 2
        for name in column:
            middles[name] = y + heights[name] / 2
            y += heights[name] + ROW_GAP
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            wanted = []
            for name in column:
                before, after = neighbours[name]
                near = (before or after) if forward else (after or before)
                if sweep >= SWEEPS - 2:
                    near = before + after
                wanted.append(sum(middles[other] for other in near) / len(near) if near else middles[name])
            for name, middle in zip(column, _apart([heights[name] for name in column], wanted), strict=True):
                middles[name] = middle
    return middles


def _apart(heights: Sequence[float], wanted: Sequence[float]) -> list[float]:
    """The middles nearest to those wanted (by least squares) that keep the order and the gaps.

    Cards that would overlap are joined to blocks, and each block stands at the mean of what its cards want (pool adjacent violators).
    """
    offsets: list[float] = []
    down = 0.0
    for number, tall in enumerate(heights):
        if number:
            down += heights[number - 1] / 2 + ROW_GAP + tall / 2
        offsets.append(down)
    blocks: list[list[float]] = []  # sum of wishes, count
    for wish, offset in zip(wanted, offsets, strict=True):
        blocks.append([wish - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    places = [total / count for total, count in blocks for _ in range(int(count))]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def _loose(names: Sequence[str], sizes: Mapping[str, Size], spots: dict[str, Spot], top: float) -> None:
    """Cards without wires: in rows below the rest; where there is nothing else, the flow's cards at both ends."""
    if not names:
        return
    ordered = sorted(names, key=lambda name: (name != INPUTS_ID, name == OUTPUTS_ID))
    columns = max(3, round(len(ordered) ** 0.5)) if len(ordered) > 4 else len(ordered)
    x = tallest = 0.0
    for number, name in enumerate(ordered):
        if number and number % columns == 0:
            x, top, tallest = 0.0, top + tallest + ROW_GAP, 0.0
        spots[name] = (x, top)
        x += sizes[name].width + COLUMN_GAP
        tallest = max(tallest, sizes[name].height)


def place_missing(
    sizes: Mapping[str, Size], edges: Iterable[Edge], placed: Mapping[str, Spot], missing: Iterable[str]
) -> dict[str, Spot]:
    """Spots for cards that have none, beside those that have: right of what they take from, below what stands there."""
    spots = dict(placed)
    found: dict[str, Spot] = {}
    taken_from: dict[str, list[str]] = {}
    for source, target in edges:
        taken_from.setdefault(target, []).append(source)
    for name in missing:
        size = sizes[name]
        before = [source for source in taken_from.get(name, ()) if source in spots]
        if before:
            x = max(spots[source][0] + sizes[source].width for source in before) + COLUMN_GAP
            y = min(spots[source][1] for source in before)
        elif name == OUTPUTS_ID and spots:
            x = max(spots[other][0] + sizes[other].width for other in spots) + COLUMN_GAP
            y = min(y for _, y in spots.values())
        else:
            x = min((x for x, _ in spots.values()), default=0.0)
            y = max((spots[other][1] + sizes[other].height for other in spots), default=-ROW_GAP) + ROW_GAP
        found[name] = spots[name] = free_spot(x, y, size, spots, sizes)
    return found


def free_spot(x: float, y: float, size: Size, spots: Mapping[str, Spot], sizes: Mapping[str, Size]) -> Spot:
    """The first spot at or below (x, y) where a card of that size overlaps no other, on the grid."""
    x, y = _on_grid(x), _on_grid(y)
    gap = GRID * 2
    columns = [
        (top, top + sizes[name].height)
        for name, (left, top) in spots.items()
        if left < x + size.width + gap and left + sizes[name].width + gap > x
    ]
    for top, bottom in sorted(columns):
        if top < y + size.height + gap and bottom + gap > y:
            y = _on_grid(bottom + gap + GRID / 2)
    return x, y
