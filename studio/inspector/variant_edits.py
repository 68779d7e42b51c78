"""Edits of variants as a person means them: a new one is a copy with a prompt or code file of its own."""

from __future__ import annotations

import copy
import posixpath
from typing import TYPE_CHECKING, Any

from flowloom.flows.model.edits import AddVariant, Edit, Group, SetText
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

_STAY = ("name", "use_variants")


def new_variant(document: FlowDocument, node: str) -> tuple[str, Edit]:
    """The id of a further variant of a node, and the edit that adds it: like the one that is looked at, its file copied."""
    variants = document.flow.variants.get(node)  # pyright: ignore[reportArgumentType, reportCallIssue]
    taken = {str(id) for id in variants.choices} if variants else {"variant_0"}
    number = 1
    while f"variant_{number}" in taken:
        number += 1
    id = f"variant_{number}"
    body = {key: value for key, value in body_of(document, node).items() if key not in _STAY}
    edits: list[Edit] = []
    source = body.get("source")
    path = source.get("path") if isinstance(source, dict) else None
    path = posixpath.normpath(path) if isinstance(path, str) else None
    if isinstance(source, dict) and path in document.files and path is not None:
        own = _free_path(document, path, node, id)
        source["path"] = own
        edits.append(SetText(own, document.text(path)))
    edits.append(AddVariant(node, id, body))
    return id, Group(tr("Add variant {id} of {node}", id=id, node=node), tuple(edits))


def body_of(document: FlowDocument, node: str) -> dict[str, Any]:
    """A copy of what the flow file says of a node, in the variant that is looked at."""
    value: Any = document.file.data
    for part in document.built.paths.get(node, ()):  # pyright: ignore[reportArgumentType, reportCallIssue]
        value = value[part]
    return copy.deepcopy(dict(value)) if isinstance(value, dict) else {}


def _free_path(document: FlowDocument, path: str, node: str, id: str) -> str:
    stem, ending = posixpath.splitext(path)
    base = stem.split("__variant_")[0]
    wanted = f"{base}__{id}{ending}"
    number = 2
    while wanted in document.files:
        wanted = f"{base}__{id}_{number}{ending}"
        number += 1
    return wanted
