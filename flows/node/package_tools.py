"""Tools that packages publish for prompt flow, in its entry point group ``package_tools``, as node types."""

from __future__ import annotations

from collections.abc import Iterable

from flowloom.flows.node.entry_points import EntryPoint
from flowloom.flows.node.node_type import NodeType


def read_package_tools(entries: Iterable[EntryPoint]) -> tuple[dict[str, NodeType], list[tuple[EntryPoint, str]]]:
    """The node types of these entry points by id, and what went wrong as ``(entry, words)``."""
    return {}, []
