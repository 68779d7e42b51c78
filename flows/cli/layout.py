"""Places cards in layers, so that wires run one way and cross little.

The classic four steps (Sugiyama, Tagawa and Toda 1981): turn back edges round, layers by longest path, order within a
layer by barycentres, and places by the least squares that keep cards apart. Wires over several layers pass through
bends of their own."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SWEEPS = 12
_LARGE = 2000
"""Above this many places (bends too) the order is improved only twice."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``layers`` holds ids, and bends as ``(source, layer)``; ``centre`` the place of each across the layers; ``paths``
    the stations of each edge from its source to its target. An edge of a cycle runs against the direction.
    """

    layers: tuple[tuple[object, ...], ...]
    centre: Mapping[object, float]
    paths: Mapping[tuple[str, str], tuple[object, ...]]


def layered(
    widths: Mapping[str, float], edges: Iterable[tuple[str, str]], *, gap: float, bend_width: float, step: float = 0.0
) -> Layout:
    """Lay out a graph; ``widths`` gives every card's size across the layers. ``step`` rounds places to a grid.

    Edges to unknown cards and loops are ignored.
    """
    known = [edge for edge in dict.fromkeys(edges) if edge[0] in widths and edge[1] in widths and edge[0] != edge[1]]
    forward = _acyclic(list(widths), known)
    layer = _layers(list(widths), forward)
    rows, paths = _with_bends(list(widths), forward, layer)
    size = {station: widths[station] if isinstance(station, str) else bend_width for row in rows for station in row}
    above, below = _neighbours(rows, paths)
    rows = _ordered(rows, above, below)
    centre = _placed(rows, above, below, size, gap)
    if step:
        centre = _snapped(rows, centre, size, gap, step)
    turned = {edge: paths[edge] if edge in paths else tuple(reversed(paths[edge[1], edge[0]])) for edge in known}
    return Layout(tuple(tuple(row) for row in rows), centre, turned)


def _acyclic(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The edges with those that close a cycle turned round."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        after[source].append(target)
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    for root in nodes:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(after[root]))]
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                state[node] = 2
                stack.pop()
            elif state.get(target) == 1:
                back.add((node, target))
            elif target not in state:
                state[target] = 1
                stack.append((target, iter(after[target])))
    return list(dict.fromkeys((edge[1], edge[0]) if edge in back else edge for edge in edges))


def _layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Longest path from the start; cards with nothing before them move down to what they feed."""
    before: dict[str, list[str]] = {node: [] for node in nodes}
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    waiting = {node: len(before[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    layer = dict.fromkeys(nodes, 0)
    for node in ready:  # grows while it is read
        for target in after[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in nodes:
        if not before[node] and after[node]:
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _with_bends(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], layer: Mapping[str, int]
) -> tuple[list[list[object]], dict[tuple[str, str], tuple[object, ...]]]:
    rows: list[dict[object, None]] = [{} for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        rows[layer[node]][node] = None
    paths: dict[tuple[str, str], tuple[object, ...]] = {}
    # Wires of one source share their bends: where several run side by side they are drawn as one.
    for source, target in edges:
        bends: list[object] = [(source, number) for number in range(layer[source] + 1, layer[target])]
        for number, bend in zip(range(layer[source] + 1, layer[target]), bends, strict=True):
            rows[number][bend] = None
        paths[source, target] = (source, *bends, target)
    return [list(row) for row in rows], paths


Neighbours = dict[object, list[object]]


def _neighbours(
    rows: list[list[object]], paths: Mapping[tuple[str, str], tuple[object, ...]]
) -> tuple[Neighbours, Neighbours]:
    above: Neighbours = {station: [] for row in rows for station in row}
    below: Neighbours = {station: [] for row in rows for station in row}
    for upper, lower in dict.fromkeys(pair for path in paths.values() for pair in itertools.pairwise(path)):
        below[upper].append(lower)
        above[lower].append(upper)
    return above, below


def _ordered(rows: list[list[object]], above: Neighbours, below: Neighbours) -> list[list[object]]:
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    rows = [list(row) for row in rows]
    sweeps = _SWEEPS if sum(map(len, rows)) <= _LARGE else 2
    for sweep in range(sweeps):
        if not fewest:
            break
        down = sweep % 2 == 0
        for number in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            fixed = {station: at for at, station in enumerate(rows[number - 1 if down else number + 1])}
            toward = above if down else below
            own = {station: at for at, station in enumerate(rows[number])}
            rows[number].sort(key=lambda station: _barycentre(toward[station], fixed, own[station]))
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _barycentre(neighbours: Sequence[object], at: Mapping[object, int], otherwise: int) -> float:
    return sum(at[neighbour] for neighbour in neighbours) / len(neighbours) if neighbours else float(otherwise)


def _crossings(rows: Sequence[Sequence[object]], below: Neighbours) -> int:
    """How many pairs of wires between neighbouring layers cross."""
    total = 0
    for upper, lower in itertools.pairwise(rows):
        at = {station: place for place, station in enumerate(lower)}
        seen: list[int] = []
        for station in upper:
            ends = sorted(at[target] for target in below[station])
            for end in ends:
                total += len(seen) - bisect_left(seen, end + 1)
            for end in ends:
                insort(seen, end)
    return total


def _placed(
    rows: Sequence[Sequence[object]], above: Neighbours, below: Neighbours, size: Mapping[object, float], gap: float
) -> dict[object, float]:
    centre: dict[object, float] = {}
    for row in rows:
        edge = 0.0
        for station in row:
            centre[station] = edge + size[station] / 2
            edge += size[station] + gap
    for sweep in range(8):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            wanted: list[float] = []
            for station in row:
                near = (above[station] or below[station]) if down else (below[station] or above[station])
                wanted.append(sum(centre[other] for other in near) / len(near) if near else centre[station])
            for station, place in zip(row, _apart(row, wanted, size, gap), strict=True):
                centre[station] = place
    left = min((centre[station] - size[station] / 2 for station in centre), default=0.0)
    return {station: place - left for station, place in centre.items()}


def _apart(row: Sequence[object], wanted: Sequence[float], size: Mapping[object, float], gap: float) -> list[float]:
    """The places nearest to those wanted (least squares) that keep the order and the gaps: pool adjacent violators."""
    offsets = [0.0]
    for left, right in itertools.pairwise(row):
        offsets.append(offsets[-1] + (size[left] + size[right]) / 2 + gap)
    pools: list[tuple[float, int]] = []  # mean, how many
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]


def _snapped(
    rows: Sequence[Sequence[object]],
    centre: Mapping[object, float],
    size: Mapping[object, float],
    gap: float,
    step: float,
) -> dict[object, float]:
    """Left edges on the grid, still apart."""
    snapped: dict[object, float] = {}
    for row in rows:
        free = 0.0
        for station in row:
            left = max(round((centre[station] - size[station] / 2) / step) * step, free)
            snapped[station] = left + size[station] / 2
            free = left + size[station] + gap
    return snapped
