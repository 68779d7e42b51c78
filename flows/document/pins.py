"""``flow.pins.json``: outputs of nodes pinned as fixtures. Committed with the flow; a run uses them only where it is asked to.

    {"version": 1, "pins": {"search": {"output": ["first passage", "second passage"]}}}

Unknown keys and nodes are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.json_text import dump_json, load_json, newline_of
from flowloom.flows.document.migrate import PINS, migrate

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile

PINS_FILE: Final = "flow.pins.json"


@dataclass(frozen=True)
class Pins:
    """The file's object in its newest form. Methods give changed copies."""

    data: Mapping[str, Any] = field(default_factory=lambda: {"version": len(PINS)})

    @property
    def values(self) -> dict[str, Any]:
        """Pinned outputs by node name, as JSON values."""
        return {name: pin["output"] for name, pin in self._pins.items() if isinstance(pin, dict) and "output" in pin}

    def with_pin(self, node: str, output: Any) -> Pins:
        before = self._pins.get(node)
        return self._with({**self._pins, node: {**(before if isinstance(before, dict) else {}), "output": output}})

    def without(self, nodes: Iterable[str]) -> Pins:
        gone = set(nodes)
        return (
            self if gone.isdisjoint(self._pins) else self._with({k: v for k, v in self._pins.items() if k not in gone})
        )

    def renamed(self, old: str, new: str) -> Pins:
        if old not in self._pins:
            return self
        return self._with({new if name == old else name: pin for name, pin in self._pins.items() if name != new})

    def as_text(self, before: str = "") -> str:
        """The file's text; line endings as they were ``before``."""
        return dump_json(dict(self.data), newline_of(before))

    @property
    def _pins(self) -> Mapping[str, Any]:
        pins = self.data.get("pins")
        return pins if isinstance(pins, dict) else {}

    def _with(self, pins: Mapping[str, Any]) -> Pins:
        return Pins({**self.data, "pins": dict(pins)})


def parse_pins(text: str) -> Pins:
    """The pins a file's text holds. Raises DocumentError."""
    return Pins(migrate(load_json(text, PINS_FILE), PINS, PINS_FILE))


def read_pins(file: FlowFile) -> Pins:
    """The pins beside a flow, none where there is no file. Raises DocumentError."""
    return parse_pins(file.read_text(PINS_FILE)) if file.exists(PINS_FILE) else Pins()
