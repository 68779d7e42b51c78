"""What an edit changed, for whoever shows the flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID, Layout
from flowloom.flows.model.flow import Constant, Flow, Node


@dataclass(frozen=True, slots=True)
class Delta:
    """Ids are node names, ``@inputs`` and ``@outputs``. A renamed node is one removed and one added."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    """Cards whose node, ports, wires into it, or texts may look different."""
    places: frozenset[str] = frozenset()
    """Cards whose place, title, colour or folding changed."""
    canvas_items: bool = False
    """Frames or notes changed."""
    files: frozenset[str] = frozenset()
    """Files whose text changed, by path."""
    everything: bool = False
    """The document was read anew."""


def compare(
    before: Flow, after: Flow, layout_before: Layout, layout_after: Layout, files: Iterable[str]
) -> Delta:
    """What differs between two states of a document; ``files`` are those whose text changed."""
    touched = frozenset(files)
    changed: set[str] = {name for name, node in after.nodes.items() if name in before.nodes and not same_node(node, before.nodes[name])}
    changed |= {name for name in after.nodes if before.variants.get(name) != after.variants.get(name)}
    changed |= {name for name, node in after.nodes.items() if node.source.path and node.source.path in touched}
    if touched and any(path.endswith((".py", ".yaml", ".yml")) for path in touched - {after.file}):
        changed |= {name for name, node in after.nodes.items() if node.source.path is None}
    if not _exact(before.inputs, after.inputs) or before.type != after.type:
        changed.add(INPUTS_ID)
        changed |= {name for name, node in after.nodes.items() if any(r.source == "input" for r in node.references)}
    if not _exact(before.outputs, after.outputs):
        changed.add(OUTPUTS_ID)
    places_before, places_after = layout_before.places, layout_after.places
    return Delta(
        added=frozenset(after.nodes.keys() - before.nodes.keys()),
        removed=frozenset(before.nodes.keys() - after.nodes.keys()),
        changed=frozenset(changed - (after.nodes.keys() - before.nodes.keys())),
        places=_different(places_before, places_after),
        canvas_items=(layout_before.frames, layout_before.notes) != (layout_after.frames, layout_after.notes),
        files=touched,
    )


def same_node(first: Node, second: Node) -> bool:
    """Whether two nodes are written alike: to Python ``1``, ``1.0`` and ``True`` are the same, on the screen they are not."""
    if first is second:
        return True
    if first != second:
        return False
    pairs = [(binding, second.inputs[name]) for name, binding in first.inputs.items() if isinstance(binding, Constant)]
    if first.activate is not None and second.activate is not None and not _exact(first.activate.value, second.activate.value):
        return False
    return all(isinstance(one.value, str) or _exact(one.value, other.value) for one, other in pairs if isinstance(other, Constant))


def _exact(first: object, second: object) -> bool:
    return first is second or (first == second and repr(first) == repr(second))


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    names = before.keys() | after.keys()
    return frozenset(name for name in names if before.get(name) != after.get(name))
