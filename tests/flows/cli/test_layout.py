from __future__ import annotations

import random
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.cli.layout import Layout, layered


def lay(nodes: str, *edges: str, width: float = 10) -> Layout:
    return layered(dict.fromkeys(nodes, width), [(edge[0], edge[1]) for edge in edges], gap=2, bend_width=1)


def test_a_chain_is_a_straight_line() -> None:
    layout = lay("abc", "ab", "bc")
    assert layout.layers == (("a",), ("b",), ("c",))
    assert len(set(layout.centre.values())) == 1


def test_wires_run_from_layer_to_layer_through_bends() -> None:
    layout = lay("abc", "ab", "bc", "ac")
    assert layout.paths["a", "c"] == ("a", ("a", 1), "c")
    assert set(layout.layers[1]) == {"b", ("a", 1)}


def test_crossings_that_can_be_avoided_are() -> None:
    layout = lay("abcd", "ad", "bc")
    upper = [station for station in layout.layers[0] if station in ("a", "b")]
    lower = [station for station in layout.layers[1] if station in ("c", "d")]
    assert [("a", "b").index(str(station)) for station in upper] == [
        ("d", "c").index(str(station)) for station in lower
    ]


def test_a_start_stands_just_above_what_it_feeds() -> None:
    layout = lay("abcx", "ab", "bc", "xc")
    assert layout.layers[1] == ("b", "x") or layout.layers[1] == ("x", "b")


def test_a_cycle_is_drawn_with_one_wire_upwards() -> None:
    layout = lay("abc", "ab", "bc", "ca")
    assert layout.layers == (("a",), ("b", ("a", 1)), ("c",)) or layout.layers == (("a",), (("a", 1), "b"), ("c",))
    assert layout.paths["c", "a"] == ("c", ("a", 1), "a")


def test_loops_and_unknown_ends_are_left_out() -> None:
    assert lay("ab", "aa", "ax", "ab").paths == {("a", "b"): ("a", "b")}


def test_nothing_is_nothing() -> None:
    assert lay("") == Layout((), {}, {})


@given(st.integers(1, 25), st.floats(0, 0.4), st.randoms(use_true_random=False))
def test_cards_never_overlap_and_wires_go_down(count: int, density: float, draw: random.Random) -> None:
    nodes = [f"n{number}" for number in range(count)]
    widths = {node: draw.randint(3, 40) for node in nodes}
    edges = [(a, b) for at, a in enumerate(nodes) for b in nodes[at + 1 :] if draw.random() < density]
    layout = layered(widths, edges, gap=2, bend_width=1, step=1)
    assert sorted(station for row in layout.layers for station in row if isinstance(station, str)) == sorted(nodes)
    number = {station: at for at, row in enumerate(layout.layers) for station in row}
    for row in layout.layers:
        for left, right in pairwise(row):
            room = (widths.get(left, 1) + widths.get(right, 1)) / 2 + 2
            assert layout.centre[right] - layout.centre[left] >= room - 1e-9
    for path in layout.paths.values():
        assert [number[station] for station in path] == list(range(number[path[0]], number[path[-1]] + 1))


def test_a_large_flow_is_laid_out_at_once() -> None:
    draw = random.Random(1)
    nodes = [f"n{number}" for number in range(600)]
    edges = [
        (nodes[draw.randrange(max(0, at - 30), at)], node) for at, node in enumerate(nodes) if at for _ in range(2)
    ]
    started = time.perf_counter()
    layered(dict.fromkeys(nodes, 10.0), edges, gap=2, bend_width=1)
    assert time.perf_counter() - started < 5
