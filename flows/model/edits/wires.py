"""Finding and rewriting the references of a flow file in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from flowloom.flows.document.splice import Splice
from flowloom.flows.document.yaml_tree import Path, YamlNode, YamlText
from flowloom.flows.document.yaml_words import scalar_text
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.model.references import ReferenceSyntax, parse_binding

Source = Literal["input", "node"]


def reference_of(value: Any) -> Reference | None:
    """The reference a value is, also where it is one that cannot work."""
    try:
        binding = parse_binding(value)
    except ReferenceSyntax as error:
        return error.reference
    return None if isinstance(binding, Constant) else binding


def binding_value(value: Any) -> Any:
    """A binding or plain value as it is written. A constant text in the form of a reference gets the space that keeps it a text."""
    if isinstance(value, Reference):
        return str(value)
    if isinstance(value, Constant):
        plain = value.value
        return " " + plain if isinstance(plain, str) and reference_of(plain) is not None else plain
    return value


def wires_from(draft: Draft, source: Source, names: set[str]) -> list[Path]:
    """Inputs and conditions of nodes, in every variant, that refer to one of these nodes or flow inputs."""
    found: list[Path] = []
    for _, body in draft.all_bodies():
        inputs = draft.value((*body, "inputs"))
        for key, value in inputs.items() if isinstance(inputs, dict) else ():
            if _refers(value, source, names):
                found.append((*body, "inputs", key))
        activate = draft.value((*body, "activate"))
        if isinstance(activate, dict) and _refers(activate.get("when"), source, names):
            found.append((*body, "activate"))
    return found


def _refers(value: Any, source: Source, names: set[str]) -> bool:
    reference = reference_of(value)
    return reference is not None and reference.source == source and reference.name in names


def rewrite(draft: Draft, source: Source, old: str, new: str) -> list[Splice]:
    """Splices that make every reference to ``old`` one to ``new``: in inputs, conditions and outputs, all variants."""
    splices: list[Splice] = []
    seen: set[int] = set()
    for node, nested in _places(draft):
        value = node.value
        if id(node) in seen or not isinstance(value, str):
            continue
        seen.add(id(node))
        if source == "node" and value == f"node:{old}":
            splices.append(_replaced(draft.yaml.doc, node, f"node:{old}", f"node:{new}"))
        elif not nested and _refers(value, source, {old}):
            prefix = "${" if source == "node" else value[: value.index(".") + 1]
            splices.append(_replaced(draft.yaml.doc, node, prefix + old, prefix + new))
    return splices


def _places(draft: Draft) -> Iterator[tuple[YamlNode, bool]]:
    """Every written value that may refer to a node or input, and whether it lies inside a list or mapping, where references are text.

    Values that several places share come several times.
    """
    doc = draft.yaml.doc
    for _, body in draft.all_bodies():
        inputs = draft.value((*body, "inputs"))
        for name in inputs if isinstance(inputs, dict) else ():
            yield from _scalars(doc.node((*body, "inputs", name)), False)
        yield from _scalars(doc.node((*body, "activate", "when")), False)
    outputs = draft.data.get("outputs")
    for name in outputs if isinstance(outputs, dict) else ():
        yield from _scalars(doc.node(("outputs", name, "reference")), False)


def _scalars(node: YamlNode | None, nested: bool) -> Iterator[tuple[YamlNode, bool]]:
    if node is None:
        return
    node = node.resolved
    if node.pairs is None and node.items is None:
        yield node, nested
    for _, value in node.pairs or ():
        yield from _scalars(value, True)
    for item in node.items or ():
        yield from _scalars(item, True)


def _replaced(doc: YamlText, node: YamlNode, old: str, new: str) -> Splice:
    """The old text within a written value as the new one; only those characters where they are written as they are."""
    written = doc.text[node.start : node.end]
    if written.count(old) == 1:
        at = node.start + written.index(old)
        return Splice(doc.file, at, at + len(old), new)
    prefer = node.style if node.style in ("'", '"') else ""
    anchor = f"&{node.anchor} " if node.anchor else ""
    text = scalar_text(node.value.replace(old, new, 1), in_flow=node.in_flow, prefer=prefer)
    return Splice(doc.file, node.start, node.end, anchor + text)
