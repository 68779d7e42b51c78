"""The ports of every node of a flow, asked for once. Nothing is executed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import Binding, Flow, Node, Reference
from flowloom.flows.model.types import type_of
from flowloom.flows.node.spec import Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.node.node_type import NodeType
    from flowloom.flows.node.registry import Registry


class FlowPorts:
    """The node types and ports of a flow's nodes.

    ``types`` and ``ports`` hold what could be found, ``faults`` why the rest could not: the node type is not installed, its file is
    missing or cannot be read.
    """

    def __init__(self, flow: Flow, file: FlowFile, registry: Registry) -> None:
        self.flow = flow
        self.file = file
        self.registry = registry
        self.faults: dict[str, FlowloomError] = {}

    @cached_property
    def types(self) -> Mapping[str, NodeType]:
        found: dict[str, NodeType] = {}
        for name, node in self.flow.nodes.items():
            try:
                found[name] = self.registry.resolve(node, self.flow)
            except FlowloomError as error:
                self.faults[name] = error
        return found

    @cached_property
    def ports(self) -> Mapping[str, Ports]:
        found: dict[str, Ports] = {}
        for name, node_type in self.types.items():
            try:
                found[name] = node_type.ports(self._node(name), self.flow, self.file)
            except FlowloomError as error:
                self.faults[name] = error
        return found

    def input_port(self, node: Node, name: str) -> Port | None:
        """The port an input of a node goes into; None where the node has none of that name, or its ports are not known."""
        ports = self.ports.get(node.name)
        if ports is None:
            return None
        port = ports.inputs.get(name)
        return port or (Port(name, ports.named_type, required=False) if ports.accepts_named else None)

    def type_of(self, binding: Binding) -> str:
        """The type of the value a binding brings, ``any`` where it cannot be told."""
        if not isinstance(binding, Reference):
            return type_of(binding.value)
        if binding.source == "input":
            spec = self.flow.inputs.get(binding.name)
            return spec.type if spec else "any"
        node = self.flow.nodes.get(binding.name)  # pyright: ignore[reportArgumentType, reportCallIssue]
        ports = self.ports.get(binding.name)
        if ports is None or node is None or binding.path:
            return "any"
        if len(ports.outputs) == 1:
            (port,) = ports.outputs.values()
            return port.type
        return "object"

    def _node(self, name: str) -> Node:
        return self.flow.nodes[name]  # pyright: ignore[reportArgumentType]
