"""``flow.layout.json``: where things stand on the canvas. Never needed to run; unknown keys and ids are kept.

    {"version": 1,
     "nodes": {"@inputs": {"x": 0, "y": 0}, "answer": {"x": 240, "y": 80, "title": "Answer", "collapsed": true}},
     "frames": [{"id": "f1", "title": "Search", "x": 0, "y": 0, "width": 400, "height": 300, "color": "blue"}],
     "notes": [{"id": "n1", "text": "Why two models", "x": 0, "y": 0, "width": 200, "height": 120}]}

Lengths are in canvas units, 1 a pixel at 100 %. Ids are node names, ``@inputs`` and ``@outputs``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flowloom.flows.document.json_text import dump_json, load_json, newline_of
from flowloom.flows.document.migrate import LAYOUT, migrate

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile

LAYOUT_FILE: Final = "flow.layout.json"
INPUTS_ID: Final = "@inputs"
OUTPUTS_ID: Final = "@outputs"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one card stands and how it looks. ``title`` is what people see; empty means the node's name."""

    x: float = 0
    y: float = 0
    title: str = ""
    collapsed: bool = False
    color: str = ""
    hide_wires: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    id: str
    title: str = ""
    x: float = 0
    y: float = 0
    width: float = 400
    height: float = 300
    color: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    text: str = ""
    x: float = 0
    y: float = 0
    width: float = 200
    height: float = 120
    color: str = ""


_Item = TypeVar("_Item", Place, Frame, Note)


@dataclass(frozen=True)
class Layout:
    """The file's object in its newest form. Methods give changed copies."""

    data: Mapping[str, Any] = field(default_factory=lambda: {"version": len(LAYOUT)})

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every id with a readable place. Worked out once: not to be changed."""
        found = {name: _read(Place, entry) for name, entry in self._section("nodes").items()}
        return {name: place for name, place in found.items() if place is not None}

    def place(self, name: str) -> Place | None:
        return _read(Place, self._section("nodes").get(name))

    def with_places(self, places: Mapping[str, Place]) -> Layout:
        """Put cards where ``places`` says; keys of theirs that are unknown here stay."""
        nodes = dict(self._section("nodes"))
        for name, place in places.items():
            nodes[name] = _written(place, nodes.get(name))
        return self._with("nodes", nodes)

    def renamed(self, old: str, new: str) -> Layout:
        """The card ``old`` under another id, at its place in the file."""
        nodes = self._section("nodes")
        if old not in nodes:
            return self
        return self._with(
            "nodes", {new if name == old else name: entry for name, entry in nodes.items() if name != new}
        )

    def without(self, names: Iterable[str]) -> Layout:
        gone = set(names)
        nodes = self._section("nodes")
        if gone.isdisjoint(nodes):
            return self
        return self._with("nodes", {name: entry for name, entry in nodes.items() if name not in gone})

    @property
    def frames(self) -> tuple[Frame, ...]:
        return tuple(frame for entry in self._list("frames") if (frame := _read(Frame, entry)) is not None)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for entry in self._list("notes") if (note := _read(Note, entry)) is not None)

    def with_frame(self, frame: Frame) -> Layout:
        """Add a frame, or change the one of that id."""
        return self._with_entry("frames", frame)

    def with_note(self, note: Note) -> Layout:
        return self._with_entry("notes", note)

    def without_item(self, item: str) -> Layout:
        """Take out the frame or note of that id."""
        layout = self
        for section in ("frames", "notes"):
            kept = [
                entry for entry in layout._list(section) if not (isinstance(entry, dict) and entry.get("id") == item)
            ]
            if len(kept) < len(layout._list(section)):
                layout = layout._with(section, kept)
        return layout

    def as_text(self, before: str = "") -> str:
        """The file's text; line endings as they were ``before``."""
        return dump_json(dict(self.data), newline_of(before))

    def _section(self, name: str) -> Mapping[str, Any]:
        value = self.data.get(name)
        return value if isinstance(value, dict) else {}

    def _list(self, name: str) -> list[Any]:
        value = self.data.get(name)
        return value if isinstance(value, list) else []

    def _with(self, section: str, value: Any) -> Layout:
        return Layout({**self.data, section: value})

    def _with_entry(self, section: str, item: Frame | Note) -> Layout:
        entries = list(self._list(section))
        for position, entry in enumerate(entries):
            if isinstance(entry, dict) and entry.get("id") == item.id:
                entries[position] = _written(item, entry)
                return self._with(section, entries)
        return self._with(section, [*entries, _written(item, None)])


def _read(kind: type[_Item], entry: Any) -> _Item | None:
    """The entry as a ``kind``; what does not fit its field takes the default. None where it is no object, or lacks its id."""
    if not isinstance(entry, dict):
        return None
    values: dict[str, Any] = {}
    for name, type_name, _ in _FIELDS[kind]:
        if name not in entry:
            continue
        value = entry[name]
        if type_name == "float":
            fits = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        else:
            fits = type(value).__name__ == type_name
        if fits:
            values[name] = value
    if kind is not Place and "id" not in values:
        return None
    return kind(**values)


def _written(item: Place | Frame | Note, before: Any) -> dict[str, Any]:
    """The entry of an item: fields at their default are left out, whole numbers lose their point, unknown keys stay."""
    entry = dict(before) if isinstance(before, dict) else {}
    for name, _, default in _FIELDS[type(item)]:
        value = getattr(item, name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if name in _ALWAYS or value != default:
            entry[name] = value
        else:
            entry.pop(name, None)
    return entry


_FIELDS: Final = {kind: tuple((item.name, item.type, item.default) for item in fields(kind)) for kind in (Place, Frame, Note)}
_ALWAYS: Final = frozenset({"id", "x", "y"})


def parse_layout(text: str) -> Layout:
    """The layout a file's text holds. Raises DocumentError."""
    return Layout(migrate(load_json(text, LAYOUT_FILE), LAYOUT, LAYOUT_FILE))


def read_layout(file: FlowFile) -> Layout:
    """The layout beside a flow, an empty one where there is none. Raises DocumentError."""
    return parse_layout(file.read_text(LAYOUT_FILE)) if file.exists(LAYOUT_FILE) else Layout()
