"""The texts of a flow's folder under edit, with a record of every step and its inverse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flowloom.flows.document.layout import LAYOUT_FILE, Layout, parse_layout
from flowloom.flows.document.pins import PINS_FILE, Pins, parse_pins
from flowloom.flows.document.splice import Splice, apply_splices, difference
from flowloom.flows.document.yaml_draft import YamlDraft
from flowloom.flows.document.yaml_tree import Path
from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import EMPTY

RecordedStep = tuple[str, tuple[Splice, ...], bool, bool]
"""File, splices, whether the file existed before and exists after."""


class Draft:
    """``files`` are texts by path relative to the flow's folder, ``flow`` the flow file among them.

    ``chosen`` names the variants that edits act on where they name none themselves, by node; the others act on the default.
    """

    def __init__(self, files: Mapping[str, str], flow: str, chosen: Mapping[str, str] = EMPTY) -> None:
        self.files = dict(files)
        self.chosen = chosen
        self.flow = flow
        self.done: list[RecordedStep] = []
        self.undo: list[RecordedStep] = []
        self.trash: list[str] = []
        self._yaml: YamlDraft | None = None

    @property
    def yaml(self) -> YamlDraft:
        if self._yaml is None:
            self._yaml = YamlDraft(self.files[self.flow], self.flow, self._yaml_step)
        return self._yaml

    def _yaml_step(self, splices: tuple[Splice, ...]) -> None:
        self._record(self.flow, splices, True)

    def splice(self, file: str, splices: Iterable[Splice], *, exists: bool = True) -> None:
        """Change a file; one that does not exist counts as empty. ``exists`` says whether it does afterwards."""
        self._record(file, tuple(splices), exists)
        if file == self.flow:
            self._yaml = None

    def write(self, file: str, text: str) -> None:
        """Give a file this text, changing only the part that differs."""
        splices = difference(file, self.files.get(file, ""), text)
        if splices or file not in self.files:
            self.splice(file, splices)

    def _record(self, file: str, splices: tuple[Splice, ...], exists: bool) -> None:
        before = file in self.files
        text, inverse = apply_splices(self.files.get(file, ""), splices)
        if exists:
            self.files[file] = text
        else:
            self.files.pop(file, None)
        self.done.append((file, splices, before, exists))
        self.undo.append((file, inverse, exists, before))

    @property
    def layout(self) -> Layout:
        return parse_layout(self.files.get(LAYOUT_FILE, ""))

    def set_layout(self, layout: Layout) -> None:
        self._set_json(LAYOUT_FILE, self.layout.data, layout)

    @property
    def pins(self) -> Pins:
        return parse_pins(self.files.get(PINS_FILE, ""))

    def set_pins(self, pins: Pins) -> None:
        self._set_json(PINS_FILE, self.pins.data, pins)

    def _set_json(self, file: str, before: Mapping[str, Any], value: Layout | Pins) -> None:
        if value.data != before:
            self.write(file, value.as_text(self.files.get(file, "")))

    # -- where nodes stand -------------------------------------------------------------------------------------------

    @property
    def data(self) -> dict[str, Any]:
        value = self.yaml.value
        return value if isinstance(value, dict) else {}

    def names(self) -> list[str]:
        """The names of all nodes, in the file's order."""
        return [str(node["name"]) for node in self._nodes() if isinstance(node, dict) and node.get("name") is not None]

    def item(self, name: str) -> Path:
        """Where a node's entry in ``nodes`` stands. Raises UsageError."""
        for index, node in enumerate(self._nodes()):
            if isinstance(node, dict) and node.get("name") is not None and str(node["name"]) == name:
                return ("nodes", index)
        raise UsageError(f"The flow has no node '{name}'.", hint="Choose one of its nodes.", node=name)

    def variants(self, name: str) -> Path | None:
        """Where the variants of a node stand; None where it uses none."""
        if not self.value((*self.item(name), "use_variants")):
            return None
        return self.variants_entry(name)

    def variants_entry(self, name: str) -> Path | None:
        """Where ``node_variants`` speaks of a node, used or not."""
        entries = self.data.get("node_variants")
        key = next((key for key in entries if str(key) == name), None) if isinstance(entries, dict) else None
        return None if key is None else ("node_variants", key)

    def variant_ids(self, name: str) -> dict[str, Path]:
        """Every variant written for a node: its id, and where its entry stands."""
        entry = self.variants_entry(name)
        written = self.value((*entry, "variants")) if entry else None
        return {str(key): (*entry, "variants", key) for key in written} if entry and isinstance(written, dict) else {}

    def body(self, name: str, variant: str | None = None) -> Path:
        """Where the body stands that an edit acts on: the node's, or that of its chosen, else default, variant. Raises UsageError."""
        item, entry = self.item(name), self.variants(name)
        if entry is None:
            return item
        ids = self.variant_ids(name)
        looked_at = self.chosen.get(name, "")
        chosen = variant or (looked_at if looked_at in ids else str(self.value((*entry, "default_variant_id")) or ""))
        place = ids.get(chosen)
        if place is None:
            raise UsageError(
                f"The node '{name}' has no variant '{chosen}'.", hint="Choose one of its variants.", node=name
            )
        return (*place, "node")

    def bodies(self, name: str) -> list[Path]:
        """Where everything of a node stands: its entry, and every variant's body."""
        return [self.item(name), *((*place, "node") for place in self.variant_ids(name).values())]

    def all_bodies(self) -> list[tuple[str, Path]]:
        """Every body in the file with its node's name, also of variants whose node uses none."""
        found: list[tuple[str, Path]] = []
        for index, node in enumerate(self._nodes()):
            if isinstance(node, dict):
                found.append((str(node.get("name")), ("nodes", index)))
        entries = self.data.get("node_variants")
        for key in entries if isinstance(entries, dict) else ():
            found += [(str(key), (*place, "node")) for place in self.variant_ids(str(key)).values()]
        return found

    def value(self, path: Path) -> Any:
        """The plain value at a path; None where nothing is written."""
        node = self.yaml.doc.node(path)
        return None if node is None else node.resolved.value

    def has(self, path: Path) -> bool:
        return self.yaml.doc.node(path) is not None

    def _nodes(self) -> list[Any]:
        nodes = self.data.get("nodes")
        return nodes if isinstance(nodes, list) else []
