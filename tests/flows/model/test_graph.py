"""Questions about the graph of a flow, answered the same however the file orders its nodes."""

from __future__ import annotations

import random
from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.model.flow import Activate, Flow, Node, NodeName, Reference, Source
from flowloom.flows.model.graph import Graph


def flow(edges: dict[str, list[str]], activates: dict[str, str] | None = None) -> Flow:
    """A flow of nodes, each with those it waits for."""
    nodes = {
        NodeName(name): Node(
            NodeName(name),
            "python",
            Source("code", "a.py"),
            {f"i{number}": Reference("node", before) for number, before in enumerate(waits)}
            | {"q": Reference("input", "q")},
            activate=Activate(Reference("node", activates[name]), True) if activates and name in activates else None,
        )
        for name, waits in edges.items()
    }
    return Flow(Path("/f"), "flow.dag.yaml", "f", "dag", nodes=nodes)


DIAMOND = {"d": ["b", "c"], "c": ["a"], "b": ["a", "a"], "a": [], "alone": []}


def test_order_follows_the_wires_and_then_the_file() -> None:
    assert Graph(flow(DIAMOND)).order() == ["a", "c", "b", "d", "alone"]


def test_ends_and_reach() -> None:
    graph = Graph(flow(DIAMOND))
    assert graph.roots() == ["a", "alone"]
    assert graph.leaves() == ["d", "alone"]
    assert graph.upstream("d") == {"a", "b", "c"}
    assert graph.downstream("a") == {"b", "c", "d"}
    assert graph.upstream("a") == graph.downstream("alone") == frozenset()


def test_a_condition_is_a_wire_and_an_unknown_node_is_none() -> None:
    graph = Graph(flow({"a": [], "b": ["nobody"]}, {"b": "a"}))
    assert graph.dependencies == {"a": (), "b": ("a",)}
    assert graph.order() == ["a", "b"]


@pytest.mark.parametrize(
    ("edges", "circles"),
    [
        (DIAMOND, []),
        ({"a": ["a"]}, [["a"]]),
        ({"a": ["b"], "b": ["a"]}, [["a", "b"]]),
        ({"x": ["c"], "c": ["b"], "b": ["a"], "a": ["c"], "z": ["z"]}, [["a", "b", "c"], ["z"]]),
    ],
)
def test_circles_are_found_once_each(edges: dict[str, list[str]], circles: list[list[str]]) -> None:
    graph = Graph(flow(edges))
    assert [sorted(circle) for circle in graph.cycles()] == circles
    cycle = graph.cycle()
    assert (cycle is None) == (not circles)
    for circle in [*graph.cycles(), *([cycle] if cycle else [])]:
        for before, name in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert before in edges[name]


@given(st.integers(2, 12), st.integers(0, 30), st.randoms(use_true_random=False))
def test_any_graph_is_ordered_as_networkx_would_allow(size: int, wires: int, rng: random.Random) -> None:
    names = [f"n{number}" for number in range(size)]
    edges: dict[str, list[str]] = {name: [] for name in names}
    for _ in range(wires):
        edges[rng.choice(names)].append(rng.choice(names))
    shuffled = dict(rng.sample(list(edges.items()), size))
    graph = Graph(flow(shuffled))
    mirror = networkx.DiGraph((before, name) for name, waits in edges.items() for before in waits)
    mirror.add_nodes_from(names)
    order = graph.order()
    for name in order:
        assert all(order.index(NodeName(before)) < order.index(name) for before in edges[name])
    in_circles = {name for knot in networkx.strongly_connected_components(mirror) if len(knot) > 1 for name in knot}
    in_circles |= {name for name in names if name in edges[name]}
    stuck = in_circles | {name for one in in_circles for name in networkx.descendants(mirror, one)}
    assert set(names) - set(order) == stuck
    assert bool(graph.cycles()) == bool(in_circles)
    for name in names:
        assert graph.upstream(name) - {name} == networkx.ancestors(mirror, name)
    assert set(graph.as_networkx().edges) == set(mirror.edges)


def test_thousands_of_nodes_take_no_time() -> None:
    edges = {f"n{number}": [f"n{number - 1}"] if number else [] for number in range(5000)}
    graph = Graph(flow(edges))
    assert graph.order() == list(edges)
    assert len(graph.upstream("n4999")) == 4999
    assert graph.cycle() is None
