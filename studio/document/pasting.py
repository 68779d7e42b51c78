"""Puts copied nodes into a flow: names and files made free, wires among them kept, others kept where their source exists."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flowloom.flows.document.layout import Layout, Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import (
    AddNode,
    AddNodes,
    AddVariant,
    Edit,
    Group,
    SetDefaultVariant,
    SetFrame,
    SetNote,
    SetText,
    SetVariantDescription,
    UseVariants,
    check_name,
    free_name,
)
from flowloom.flows.model.edits.wires import reference_of
from flowloom.studio.document.clipboard import Clip, copied, is_variant, read_clip, safe_file, shifted, source_path
from flowloom.studio.document.new_node import free_file
from flowloom.studio.document.positions import free_id, rounded, set_places
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

_STEP = 32
"""How far a copy stands from what it was copied from."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """``ids`` are the new nodes, frames and notes."""

    edit: Edit
    ids: tuple[str, ...]


def paste(
    document: FlowDocument, effective: Mapping[str, Place], text: str, at: tuple[float, float] | None = None, title: str = ""
) -> Pasted:
    """Add the nodes of a text, the upper left of them ``at`` a point of the canvas, else beside where they stood. Raises UsageError."""
    clip = read_clip(text)
    names = _names(document, clip)
    paths, texts = _files(document, clip)
    layout = clip.layout or Layout()
    stands = _places(clip, layout)
    dx, dy = _shift(effective, stands, layout, at)
    nodes: list[AddNode] = []
    edits: list[Edit] = []
    for entry in clip.nodes:
        old = str(entry["name"])
        added, *more = _node(document, clip, entry, names, paths, texts, shifted(_titled(stands[old], old, names[old]), dx, dy))
        nodes.append(added)
        edits += more
    ids = list(names.values())
    for frame in layout.frames:
        ids.append(free_id(document, "frame", ids))
        edits.append(SetFrame(replace(frame, id=ids[-1], x=round(frame.x + dx), y=round(frame.y + dy))))
    for note in layout.notes:
        ids.append(free_id(document, "note", ids))
        edits.append(SetNote(replace(note, id=ids[-1], x=round(note.x + dx), y=round(note.y + dy))))
    edits = [AddNodes(tuple(nodes)), *edits, set_places(document, effective, {}, tr("Paste"))]
    return Pasted(Group(title or tr("Paste"), tuple(edits)), tuple(ids))


def duplicate(document: FlowDocument, effective: Mapping[str, Place], ids: tuple[str, ...]) -> Pasted | None:
    """Copies of nodes, frames and notes beside them; None where nothing of ``ids`` can be copied."""
    text = copied(document, ids, effective)
    return paste(document, effective, text, None, tr("Duplicate")) if text else None


def _names(document: FlowDocument, clip: Clip) -> dict[str, str]:
    """New names by old, in the order of the entries."""
    taken = {str(name) for name in document.flow.nodes}
    found: dict[str, str] = {}
    for entry in clip.nodes:
        old = str(entry["name"])
        try:
            name = check_name(old, taken)
        except UsageError:
            name = free_name(re.sub(r"_\d+$", "", old), taken)
        found[old] = name
        taken.add(name)
    return found


def _files(document: FlowDocument, clip: Clip) -> tuple[dict[str, str], dict[str, str]]:
    """New paths by old, and the texts of the new ones. A node gets a file of its own unless the very text lies there unused."""
    used = {source_path({"source": {"path": node.source.path}}) for node in document.flow.nodes.values()}
    paths: dict[str, str] = {}
    texts: dict[str, str] = {}
    for path in dict.fromkeys(source_path(body) for body in clip.bodies()):
        text = (clip.files or {}).get(path)
        if text is None or not safe_file(path):
            continue
        new = path
        exists = path in document.files or (document.root / path).exists()
        if exists and (document.files.get(path) != text or path in used):
            stem, dot, ending = path.rpartition(".")
            new = free_file(document, re.sub(r"_\d+$", "", stem), dot + ending)
        while new in texts:
            stem, dot, ending = new.rpartition(".")
            new = f"{stem}_2{dot}{ending}"
        paths[path], texts[new] = new, text
    return paths, texts


def _node(
    document: FlowDocument, clip: Clip, entry: Mapping[str, Any], names: Mapping[str, str], paths: Mapping[str, str],
    texts: Mapping[str, str], place: Place,
) -> tuple[AddNode, *tuple[Edit, ...]]:  # fmt: skip
    """The node, and what makes its variants."""
    old = str(entry["name"])
    name = names[old]

    def body_of(written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        body = _rewritten(document, written, names)
        path = paths.get(source_path(body))
        if path is None:
            return body, {}
        body["source"] = {**body["source"], "path": path}
        return body, {path: texts[path]}

    variants = (clip.variants or {}).get(old)
    if not entry.get("use_variants") or variants is None:
        body, files = body_of({key: value for key, value in entry.items() if key != "use_variants"})
        return (AddNode(name, body, files, rounded(place)),)
    return _variant_edits(name, entry, variants, body_of, rounded(place))


def _variant_edits(name: str, entry: Mapping[str, Any], variants: Mapping[str, Any], body_of: Any, place: Place) -> tuple[AddNode, *tuple[Edit, ...]]:
    written = {str(key): value for key, value in variants["variants"].items() if is_variant(value)}
    default = str(variants.get("default_variant_id", next(iter(written), "")))
    order = [default, *(key for key in written if key != default)] if default in written else list(written)
    body, files = body_of(written[order[0]]["node"])
    first = AddNode(name, body, files, place)
    edits: list[Edit] = []
    for number, key in enumerate(order):
        description = str(written[key].get("description") or "")
        if number == 0:
            edits.append(UseVariants(name, key))
            if description:
                edits.append(SetVariantDescription(name, key, description))
            continue
        body, files = body_of(written[key]["node"])
        edits += [SetText(path, text) for path, text in files.items()]
        edits.append(AddVariant(name, key, body, description=description))
    edits.append(SetDefaultVariant(name, order[0]))
    return first, *edits


def _rewritten(document: FlowDocument, written: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A body with its references to copied nodes renamed, and those to what the flow lacks left out."""
    body = {key: copy.deepcopy(value) for key, value in written.items() if key != "name"}
    inputs = body.get("inputs")
    if isinstance(inputs, dict):
        found = {key: _value(document, value, names) for key, value in inputs.items()}
        body["inputs"] = {key: value for key, value in found.items() if value is not _GONE}
        if not body["inputs"]:
            del body["inputs"]
    activate = body.get("activate")
    if isinstance(activate, dict):
        when = _value(document, activate.get("when"), names)
        if when is _GONE:
            del body["activate"]
        else:
            activate["when"] = when
    return body


_GONE = object()


def _value(document: FlowDocument, value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_tool(item, names) for item in value]
    if not isinstance(value, str):
        return value
    reference = reference_of(value)
    if reference is None:
        return _tool(value, names)
    if reference.source == "input":
        return value if reference.name in document.flow.inputs else _GONE
    if reference.name in names:
        return str(replace(reference, name=names[reference.name]))
    return value if reference.name in document.flow.nodes else _GONE


def _tool(value: Any, names: Mapping[str, str]) -> Any:
    """``node:answer``, by which an agent names a node as its tool."""
    if isinstance(value, str) and value.startswith("node:") and value[5:] in names:
        return f"node:{names[value[5:]]}"
    return value


def _places(clip: Clip, layout: Layout) -> dict[str, Place]:
    """Where each node stood; those without a place in a row beside the others."""
    known = layout.places
    x = max((place.x for place in known.values()), default=-280.0)
    found: dict[str, Place] = {}
    for entry in clip.nodes:
        name = str(entry["name"])
        if name not in known:
            x += 280
        found[name] = known.get(name, Place(x, 0))
    return found


def _titled(place: Place, old: str, new: str) -> Place:
    """The title of a copy tells it from what it was copied from."""
    number = re.search(r"_(\d+)$", new)
    if old == new or not place.title or number is None:
        return place
    base = re.sub(r" \d+$", "", place.title)
    return replace(place, title=f"{base} {number.group(1)}")


def _shift(
    effective: Mapping[str, Place], stands: Mapping[str, Place], layout: Layout, at: tuple[float, float] | None
) -> tuple[float, float]:
    corners = [(item.x, item.y) for item in (*stands.values(), *layout.frames, *layout.notes)]
    left, top = min((x for x, _ in corners), default=0), min((y for _, y in corners), default=0)
    if at is not None:
        return at[0] - left, at[1] - top
    taken = {(round(place.x), round(place.y)) for place in effective.values()}
    step = _STEP
    while any((round(x + step), round(y + step)) in taken for x, y in corners):
        step += _STEP
    return step, step
