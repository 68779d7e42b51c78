"""Questions about the graph of a flow: what comes before what, what goes in circles, what hangs on what.

An edge leads from a node to every node that waits for it, by an input or by its activate condition. The order of nodes in the file
never matters; where a choice is open, it is the file's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flowloom.flows.model.flow import Flow, NodeName

if TYPE_CHECKING:
    from networkx import DiGraph


class Graph:
    """The graph of a flow's nodes. References to nodes that do not exist are no edges."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    @cached_property
    def dependencies(self) -> Mapping[NodeName, tuple[NodeName, ...]]:
        """For each node the nodes it waits for, each once, in the order it names them."""
        nodes = self.flow.nodes
        return {
            name: tuple(
                dict.fromkeys(
                    NodeName(reference.name)
                    for reference in node.references
                    if reference.source == "node" and reference.name in nodes
                )
            )
            for name, node in nodes.items()
        }

    def order(self) -> list[NodeName]:
        """All nodes, each after those it waits for; nodes of a circle, and those behind it, are left out."""
        waiting = {name: len(before) for name, before in self.dependencies.items()}
        after = self._followers
        position = {name: index for index, name in enumerate(waiting)}
        ready = [(position[name], name) for name, count in waiting.items() if count == 0]
        import heapq

        heapq.heapify(ready)
        ordered: list[NodeName] = []
        while ready:
            _, name = heapq.heappop(ready)
            ordered.append(name)
            for follower in after[name]:
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    heapq.heappush(ready, (position[follower], follower))
        return ordered

    def cycle(self) -> list[NodeName] | None:
        """One circle of nodes, each waiting for the one before it, or None where there is none."""
        if len(self.order()) == len(self.flow.nodes):
            return None
        import networkx

        return [NodeName(edge[0]) for edge in networkx.find_cycle(self.as_networkx())]

    def cycles(self) -> list[list[NodeName]]:
        """For each knot of nodes that wait for one another one circle through it, in the order of the file."""
        if self.cycle() is None:
            return []
        import networkx

        graph = self.as_networkx()
        position: dict[str, int] = {name: index for index, name in enumerate(self.flow.nodes)}
        found: list[list[NodeName]] = []
        for knot in networkx.strongly_connected_components(graph):
            part = graph.subgraph(knot)
            if len(knot) > 1 or part.number_of_edges():
                start = min(knot, key=position.__getitem__)
                found.append([NodeName(edge[0]) for edge in networkx.find_cycle(part, source=start)])
        return sorted(found, key=lambda circle: min(position[name] for name in circle))

    def upstream(self, name: str) -> frozenset[NodeName]:
        """Every node whose output the named one needs, directly or through others."""
        return self._reach(name, self.dependencies)

    def downstream(self, name: str) -> frozenset[NodeName]:
        """Every node that needs the output of the named one, directly or through others."""
        return self._reach(name, self._followers)

    def roots(self) -> list[NodeName]:
        """Nodes that wait for no other."""
        return [name for name, before in self.dependencies.items() if not before]

    def leaves(self) -> list[NodeName]:
        """Nodes that no other waits for."""
        return [name for name, after in self._followers.items() if not after]

    def as_networkx(self) -> DiGraph[str]:
        """A new networkx graph of node names."""
        import networkx

        graph: Any = networkx.DiGraph()
        graph.add_nodes_from(self.flow.nodes)
        graph.add_edges_from((before, name) for name, all_before in self.dependencies.items() for before in all_before)
        return graph

    @cached_property
    def _followers(self) -> Mapping[NodeName, tuple[NodeName, ...]]:
        after: dict[NodeName, list[NodeName]] = {name: [] for name in self.flow.nodes}
        for name, before in self.dependencies.items():
            for one in before:
                after[one].append(name)
        return {name: tuple(names) for name, names in after.items()}

    def _reach(self, name: str, edges: Mapping[NodeName, Iterable[NodeName]]) -> frozenset[NodeName]:
        found: set[NodeName] = set()
        pending = list(edges[NodeName(name)])
        while pending:
            one = pending.pop()
            if one not in found:
                found.add(one)
                pending.extend(edges[one])
        return frozenset(found)
