"""The ports and specs of the nodes of an open flow, worked out again only where something changed. Nothing is executed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.node.registry import Registry
from flowloom.flows.node.spec import NodeSpec, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile


@dataclass(frozen=True, slots=True)
class _Known:
    node: Node
    spec: NodeSpec | None
    ports: Ports | None
    fault: FlowloomError | None


class NodePorts:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[str, _Known] = {}

    def update(self, flow: Flow, file: FlowFile, touched: Iterable[str] = ()) -> None:
        """Look again at nodes that changed, at those whose file is ``touched``, and at those that may read any of the folder's files."""
        paths = frozenset(touched) - {flow.file}
        known: dict[str, _Known] = {}
        for name, node in flow.nodes.items():
            before = self._known.get(name)
            if before is not None and (before.node is node or before.node == node) and not _concerns(node, paths):
                known[name] = before
            else:
                known[name] = self._look(node, flow, file)
        self._known = known

    def _look(self, node: Node, flow: Flow, file: FlowFile) -> _Known:
        spec: NodeSpec | None = None
        try:
            node_type = self._registry.resolve(node, flow)
            spec = node_type.spec
            return _Known(node, spec, node_type.ports(node, flow, file), None)
        except FlowloomError as error:
            return _Known(node, spec, None, error)

    def ports(self, name: str) -> Ports | None:
        known = self._known.get(name)
        return known.ports if known else None

    def spec(self, name: str) -> NodeSpec | None:
        known = self._known.get(name)
        return known.spec if known else None

    def fault(self, name: str) -> FlowloomError | None:
        known = self._known.get(name)
        return known.fault if known else None


def _concerns(node: Node, paths: frozenset[str]) -> bool:
    if not paths:
        return False
    if node.source.path is not None:
        return posixpath.normpath(node.source.path) in paths or (
            node.source.path.endswith(".py") and any(path.endswith(".py") for path in paths)
        )
    return True
