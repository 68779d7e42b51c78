"""Older forms of flow.layout.json and flow.pins.json, brought up to date step by step on plain data.

Each function takes the object of one version and gives the next one's; it keeps what it does not know. A function never changes once
released: a new form is a new function at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flowloom.flows.errors import DocumentError

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def layout_m001_sections(data: dict[str, Any]) -> dict[str, Any]:
    """Without a version, the file maps ids to places or ``[x, y]``: they move under ``nodes``."""
    if "nodes" in data:
        return {"version": 1, **data}
    places = {name: _place(place) for name, place in data.items() if isinstance(place, (list, dict))}
    rest = {name: value for name, value in data.items() if name not in places}
    return {"version": 1, "nodes": places, **rest}


def _place(place: Any) -> Any:
    return {"x": place[0], "y": place[1]} if isinstance(place, list) and len(place) == 2 else place


def pins_m001_sections(data: dict[str, Any]) -> dict[str, Any]:
    """Without a version, the file maps nodes to their outputs: they move under ``pins``."""
    if "pins" in data:
        return {"version": 1, **data}
    return {"version": 1, "pins": {name: {"output": value} for name, value in data.items()}}


LAYOUT: Final[tuple[Migration, ...]] = (layout_m001_sections,)
PINS: Final[tuple[Migration, ...]] = (pins_m001_sections,)


def migrate(data: dict[str, Any], migrations: tuple[Migration, ...], file: str) -> dict[str, Any]:
    """``data`` in the newest form. Raises DocumentError where it is newer than this program or its version is no number."""
    version = data.get("version", 0)
    if not data:
        return {"version": len(migrations)}
    if isinstance(version, bool) or not isinstance(version, int) or version < 0:
        raise DocumentError(
            f"The version of {file} is {version!r}, which is no number.", file=file, hint="Delete the file."
        )
    if version > len(migrations):
        raise DocumentError(
            f"{file} was written by a newer Flowloom (its version is {version}).",
            file=file,
            hint="Update Flowloom: pip install -U flowloom",
        )
    for step in migrations[version:]:
        data = step(data)
    return data
