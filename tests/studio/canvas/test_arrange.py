"""Cards in layers."""

from __future__ import annotations

import random
from time import perf_counter

from flowloom.studio.canvas.arrange import GRID, Size, arrange, free_spot, place_missing

SIZE = Size(200, 120)


def _overlaps(spots: dict[str, tuple[float, float]], sizes: dict[str, Size]) -> list[tuple[str, str]]:
    found = []
    names = sorted(spots, key=lambda name: spots[name][0])
    for number, first in enumerate(names):
        x, y = spots[first]
        for second in names[number + 1 :]:
            left, top = spots[second]
            if left >= x + sizes[first].width:
                break
            if top < y + sizes[first].height and y < top + sizes[second].height:
                found.append((first, second))
    return found


def _graph(size: int, seed: int) -> tuple[dict[str, Size], list[tuple[str, str]]]:
    chance = random.Random(seed)
    sizes = {f"n{number}": Size(chance.choice((200, 216, 240)), chance.choice((80, 120, 240, 400))) for number in range(size)}
    edges = [(f"n{chance.randrange(max(0, number - 12), number)}", f"n{number}") for number in range(1, size) for _ in range(chance.choice((1, 1, 2)))]
    return sizes, edges


def test_wires_run_to_the_right_and_no_cards_overlap() -> None:
    for seed in range(5):
        sizes, edges = _graph(60, seed)
        spots = arrange(sizes, edges)
        assert spots.keys() == sizes.keys()
        assert not _overlaps(spots, sizes)
        assert all(spots[source][0] + sizes[source].width < spots[target][0] for source, target in edges)
        assert all(x % GRID == 0 and y % GRID == 0 for x, y in spots.values())


def test_inputs_stand_leftmost_and_outputs_rightmost() -> None:
    sizes = dict.fromkeys(("@inputs", "a", "b", "c", "@outputs"), SIZE)
    spots = arrange(sizes, [("@inputs", "a"), ("a", "b"), ("b", "c"), ("a", "@outputs")])
    assert min(spots, key=lambda name: spots[name][0]) == "@inputs"
    assert max(spots, key=lambda name: spots[name][0]) == "@outputs"


def test_a_chain_is_level_and_a_card_that_nothing_feeds_stands_by_its_reader() -> None:
    sizes = dict.fromkeys(("a", "b", "c", "d", "extra"), SIZE)
    spots = arrange(sizes, [("a", "b"), ("b", "c"), ("c", "d"), ("extra", "d")])
    assert len({spots[name][1] for name in "ab"}) == 1
    assert spots["extra"][0] == spots["c"][0]


def test_parts_that_no_wire_joins_stand_apart_and_loose_cards_below() -> None:
    sizes = dict.fromkeys(("a", "b", "x", "y", "alone"), SIZE)
    spots = arrange(sizes, [("a", "b"), ("x", "y")])
    assert not _overlaps(spots, sizes)
    assert spots["alone"][1] > max(spots[name][1] for name in "abxy")


def test_a_cycle_and_a_loop_are_no_trouble() -> None:
    sizes = dict.fromkeys("abc", SIZE)
    spots = arrange(sizes, [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b"), ("a", "gone")])
    assert not _overlaps(spots, sizes)


def test_a_thousand_cards_are_arranged_while_one_waits() -> None:
    sizes, edges = _graph(1000, 7)
    started = perf_counter()
    spots = arrange(sizes, edges)
    assert perf_counter() - started < 3
    assert not _overlaps(spots, sizes)


def test_a_card_without_a_place_stands_right_of_what_feeds_it() -> None:
    sizes = dict.fromkeys(("a", "b", "new"), SIZE)
    found = place_missing(sizes, [("a", "new")], {"a": (0, 0), "b": (272, 0)}, ["new"])
    x, y = found["new"]
    assert x >= 200
    assert not _overlaps({"a": (0, 0), "b": (272, 0), "new": (x, y)}, sizes)


def test_a_free_spot_is_the_first_below() -> None:
    sizes = dict.fromkeys(("a", "b"), SIZE)
    x, y = free_spot(10, 10, SIZE, {"a": (0, 0), "b": (0, 140)}, sizes)
    assert x == 8
    assert 260 < y < 300
    assert free_spot(400, 0, SIZE, {"a": (0, 0)}, sizes) == (400, 0)
