"""Where cards, frames and notes stand: edits that move them so that nothing else jumps.

A flow may come without places; its cards then stand where they were arranged on opening. The first edit that writes a place writes the
places of all, since a later arrangement would put the others elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.model.edits import Edit, Group, SetFrame, SetNote, SetPlaces
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument


def set_places(
    document: FlowDocument, effective: Mapping[str, Place], places: Mapping[str, Place], title: str
) -> SetPlaces:
    """Write ``places``, and with them the ``effective`` places of cards that have none yet."""
    written = document.layout.data.get("nodes")
    known = written if isinstance(written, dict) else {}
    missing = {name: rounded(place) for name, place in effective.items() if not _stands(known.get(name))}
    return SetPlaces({**missing, **{name: rounded(place) for name, place in places.items()}}, title)


def _stands(entry: object) -> bool:
    return isinstance(entry, dict) and "x" in entry and "y" in entry


def rounded(place: Place) -> Place:
    return replace(place, x=float(round(place.x)), y=float(round(place.y)))


def frame(document: FlowDocument, id: str) -> Frame | None:
    return next((found for found in document.layout.frames if found.id == id), None)


def note(document: FlowDocument, id: str) -> Note | None:
    return next((found for found in document.layout.notes if found.id == id), None)


def moved(
    document: FlowDocument, effective: Mapping[str, Place], ids: Iterable[str], dx: float, dy: float
) -> Edit | None:
    """Move cards, frames and notes by a distance in canvas units; None where nothing moves."""
    return shifted(document, effective, dict.fromkeys(ids, (dx, dy)) if dx or dy else {})


def shifted(
    document: FlowDocument, effective: Mapping[str, Place], ways: Mapping[str, tuple[float, float]]
) -> Edit | None:
    """Move cards, frames and notes, each its own way; None where nothing moves."""
    places: dict[str, Place] = {}
    edits: list[Edit] = []
    for id, (dx, dy) in ways.items():
        if id in effective:
            place = effective[id]
            places[id] = replace(place, x=place.x + dx, y=place.y + dy)
        elif (found := frame(document, id)) is not None:
            edits.append(SetFrame(replace(found, x=found.x + dx, y=found.y + dy)))
        elif (text := note(document, id)) is not None:
            edits.append(SetNote(replace(text, x=text.x + dx, y=text.y + dy)))
    if places:
        edits.append(set_places(document, effective, places, tr("Move")))
    return Group(tr("Move"), tuple(edits)) if edits else None


def resized(document: FlowDocument, id: str, x: float, y: float, width: float, height: float) -> Edit | None:
    """Give a frame or note other edges; None where nothing has that id."""
    size = {"x": round(x), "y": round(y), "width": round(width), "height": round(height)}
    if (found := frame(document, id)) is not None:
        return SetFrame(replace(found, **size), tr("Resize frame"))
    if (text := note(document, id)) is not None:
        return SetNote(replace(text, **size), tr("Resize note"))
    return None


def free_id(document: FlowDocument, prefix: str, taken: Iterable[str] = ()) -> str:
    """An id that no frame, note or node bears: ``frame_1``, ``note_2``."""
    known = {*taken, *document.flow.nodes, *(item.id for item in (*document.layout.frames, *document.layout.notes))}
    number = 1
    while f"{prefix}_{number}" in known:
        number += 1
    return f"{prefix}_{number}"
