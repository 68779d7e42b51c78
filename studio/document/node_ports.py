"""The ports and specs of the nodes of an open flow, worked out again only where something changed. Nothing is executed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.node.registry import Registry
from flowloom.flows.node.spec import NodeSpec, Ports
from flowloom.studio.document.delta import same_node
from flowloom.studio.document.included import included_texts

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
        self._included: Mapping[str, str] = {}

    def update(self, flow: Flow, file: FlowFile, touched: Iterable[str] = ()) -> frozenset[str]:
        """Look again at nodes that changed, at those whose file is ``touched``, and at those that may read any of the folder's files.

        The names of nodes that were known and now have other ports, another spec, or another fault: also where neither the node nor its
        own file changed, but a file that its code imports.
        """
        included = included_texts(flow, file)
        paths = (frozenset(touched) - {flow.file}) | {path for path, text in included.items() if self._included.get(path) != text}
        paths |= self._included.keys() - included.keys()
        self._included = included
        if included:
            file = replace(file, overlay={**file.overlay, **included})
        known: dict[str, _Known] = {}
        for name, node in flow.nodes.items():
            before = self._known.get(name)
            if before is not None and same_node(before.node, node) and not _concerns(node, paths):
                known[name] = before
            else:
                known[name] = self._look(node, flow, file, before)
        changed = frozenset(name for name, new in known.items() if (old := self._known.get(name)) is not None and not _alike(old, new))
        self._known = known
        return changed

    def _look(self, node: Node, flow: Flow, file: FlowFile, before: _Known | None = None) -> _Known:
        """A file that cannot be read for the moment, as while one types in it, leaves the ports it had."""
        spec: NodeSpec | None = None
        kept = before.ports if before is not None and before.node.source == node.source else None
        try:
            node_type = self._registry.resolve(node, flow)
            spec = node_type.spec
            ports = node_type.ports(node, flow, file)
            return _Known(node, spec, kept if kept is not None and _is_broken_prompt(node, file) else ports, None)
        except FlowloomError as error:
            return _Known(node, spec, kept if getattr(error, "code", "") == "syntax" else None, error)

    def ports(self, name: str) -> Ports | None:
        known = self._known.get(name)
        return known.ports if known else None

    def spec(self, name: str) -> NodeSpec | None:
        known = self._known.get(name)
        return known.spec if known else None

    def fault(self, name: str) -> FlowloomError | None:
        known = self._known.get(name)
        return known.fault if known else None


def _alike(old: _Known, new: _Known) -> bool:
    return old is new or (old.spec == new.spec and old.ports == new.ports and str(old.fault) == str(new.fault))


def _is_broken_prompt(node: Node, file: FlowFile) -> bool:
    """Whether the prompt of a node cannot be read as it stands; told from unsaved text alone, which is where one types."""
    path = node.source.path
    text = file.overlay.get(posixpath.normpath(path)) if path and node.type != "python" else None
    if text is None:
        return False
    from flowloom.flows.node.template import read_template

    return read_template(text).problem is not None


def _concerns(node: Node, paths: frozenset[str]) -> bool:
    if not paths:
        return False
    if node.source.path is not None:
        return posixpath.normpath(node.source.path) in paths or (
            node.source.path.endswith(".py") and any(path.endswith(".py") for path in paths)
        )
    return True
