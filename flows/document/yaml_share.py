"""Writing out what several places of a document share, so that an edit of one leaves the others as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowloom.flows.document.splice import Splice
from flowloom.flows.document.yaml_blocks import column, content_end, indent, line_end, lines_of, manner_of, one_line
from flowloom.flows.document.yaml_edit import replace_node, set_value
from flowloom.flows.document.yaml_remove import remove_entry
from flowloom.flows.document.yaml_tree import MERGE, Path, YamlNode, YamlText


def unshare(doc: YamlText, path: Path, *, inside: bool = True) -> list[Splice]:
    """The next splices towards a path that nothing else shares; empty where the path is free to be edited.

    Apply them, read the text again, and ask once more. With ``inside``, values below the path count too, as they do where it is
    replaced or deleted.
    """
    if not doc.shares or doc.root is None:
        return []
    node = doc.root
    seen = [node]
    for depth, part in enumerate(path):
        found = node.own(part)
        if found is None:
            merged = node.child(part)
            if merged is None or depth + 1 == len(path):
                # A new key is about to be added: it hides one that a merge brings in.
                return _release(doc, seen)
            return set_value(doc, path[: depth + 1], merged[1].resolved.value)
        key, node = found
        if node.style == "*" and depth + 1 < len(path):
            return replace_node(doc, key, node, node.value)
        seen.append(node)
    if inside:
        seen += list(node.walk())
    return _release(doc, seen)


def write_out_merges(doc: YamlText, path: Path) -> list[Splice]:
    """Replace the ``<<`` of the mapping at a path by the keys it brings, where any. Apply before deleting one of them."""
    node, parent_key = doc.node(path), doc.key_node(path)
    pair = next(((key, value) for key, value in (node.pairs if node else None) or () if key.is_merge_key), None)
    if node is None or pair is None:
        return []
    merged: dict[Any, Any] = {}
    for source in node.merged():
        for name, value in source.resolved.value.items():
            if node.own(name) is None:
                merged.setdefault(name, value)
    key, value = pair
    if not merged:
        return remove_entry(doc, parent_key, node, (node.index or {})[MERGE])
    if node.style == "flow":
        return [Splice(doc.file, key.start, value.end, one_line(merged)[1:-1])]
    manner = manner_of(doc)
    lines = lines_of(merged, manner)
    base = column(doc, key.start)
    text = manner.newline.join([*lines[:1], *indent(lines[1:], base)])
    return [Splice(doc.file, key.start, line_end(doc.text, content_end(doc, value)), text)]


def _release(doc: YamlText, nodes: list[YamlNode]) -> list[Splice]:
    """Write out the aliases, outside the last node, of anchored values among ``nodes``."""
    anchored = {id(node) for node in nodes if node.anchor is not None}
    if not anchored or doc.root is None:
        return []
    inside = {id(node) for node in nodes}
    splices: list[Splice] = []
    for key, node, _ in _entries(doc.root):
        if node.style == "*" and id(node.target) in anchored and id(node) not in inside:
            splices += replace_node(doc, key, node, node.value)
    return splices


def release_span(doc: YamlText, nodes: list[YamlNode]) -> list[Splice]:
    """Write out the aliases elsewhere of values inside ``nodes``, which are about to go."""
    if not doc.shares:
        return []
    return _release(doc, [inner for node in nodes for inner in node.walk()])


def _entries(node: YamlNode) -> Iterator[tuple[YamlNode | None, YamlNode, YamlNode]]:
    for key, value in node.pairs or ():
        yield key, value, node
        yield from _entries(value)
    for item in node.items or ():
        yield None, item, node
        yield from _entries(item)
