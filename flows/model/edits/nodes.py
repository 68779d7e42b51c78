"""Edits of nodes: add, delete, rename, set and clear what they hold."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.flows.document.layout import LAYOUT_FILE, Place
from flowloom.flows.document.pins import PINS_FILE
from flowloom.flows.document.yaml_edit import rename_key, set_value
from flowloom.flows.document.yaml_tree import Path
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.edits.names import check_name
from flowloom.flows.model.edits.wires import binding_value, rewrite, wires_from
from flowloom.flows.model.flow import EMPTY


@dataclass(frozen=True, slots=True)
class AddNode:
    """A new node at the end of the list. ``body`` holds its keys but the name, as in the file; input values may be bindings.

    ``files`` are its prompt or code, by path; one that exists must hold the same text. ``place`` is where the card stands.
    """

    name: str
    body: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    place: Place | None = None

    @property
    def title(self) -> str:
        return f"Add {self.name}"

    def perform(self, draft: Draft) -> None:
        AddNodes((self,)).perform(draft)

    def entry(self) -> dict[str, Any]:
        """The entry as it is written."""
        body = dict(self.body)
        if isinstance(body.get("inputs"), Mapping):
            body["inputs"] = {name: binding_value(value) for name, value in body["inputs"].items()}
        return {"name": self.name, **body}


@dataclass(frozen=True, slots=True)
class AddNodes:
    """Several new nodes at once: as one after another, but the flow file is written and read only once."""

    nodes: tuple[AddNode, ...]
    title: str = "Add nodes"

    def perform(self, draft: Draft) -> None:
        taken = set(draft.names())
        for node in self.nodes:
            check_name(node.name, taken)
            taken.add(node.name)
            for path, text in node.files.items():
                if path in draft.files and draft.files[path] != text:
                    raise UsageError(f"The file {path} exists already.", hint="Choose another file name.", file=path)
        if self.nodes:
            draft.yaml.extend(("nodes",), [node.entry() for node in self.nodes])
        for node in self.nodes:
            for path, text in node.files.items():
                draft.write(path, text)
        places = {node.name: node.place for node in self.nodes if node.place is not None}
        if places:
            draft.set_layout(draft.layout.with_places(places))


@dataclass(frozen=True, slots=True)
class DeleteNodes:
    """Nodes with all their variants, the wires from them, their places and pins.

    Inputs and conditions wired to them go; flow outputs that name them stay, since they are what the flow promises. Their files are
    listed as trash where nothing else uses them.
    """

    names: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"Delete {', '.join(self.names)}"

    def perform(self, draft: Draft) -> None:
        gone = set(self.names)
        files = {path for name in self.names for body in draft.bodies(name) if (path := source_path(draft, body))}
        paths: list[Path] = [draft.item(name) for name in self.names]
        paths += wires_from(draft, "node", gone)
        paths += [entry for name in self.names if (entry := draft.variants_entry(name))]
        draft.yaml.delete_all(paths)
        draft.set_layout(draft.layout.without(self.names))
        draft.set_pins(draft.pins.without(self.names))
        draft.trash += sorted(path for path in files if not is_used(draft, path) and path not in draft.trash)


@dataclass(frozen=True, slots=True)
class RenameNode:
    """Another name for a node: in its entry, its variants, every reference and condition, the layout and the pins."""

    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename {self.old} to {self.new}"

    def perform(self, draft: Draft) -> None:
        if self.old == self.new:
            return
        item = draft.item(self.old)
        check_name(self.new, draft.names())
        entry = draft.variants_entry(self.old)
        if entry is not None and ("node_variants", self.new) != entry and draft.has(("node_variants", self.new)):
            raise UsageError(f"Variants are written for '{self.new}' already.", hint="Choose another name.")
        yaml = draft.yaml
        if yaml.doc.shares:
            yaml.set((*item, "name"), self.new)
            if entry is not None:
                yaml.rename(entry, self.new)
            yaml.step(rewrite(draft, "node", self.old, self.new))
        else:
            splices = set_value(yaml.doc, (*item, "name"), self.new)
            if entry is not None:
                splices += rename_key(yaml.doc, entry, self.new)
            yaml.step(splices + rewrite(draft, "node", self.old, self.new))
        draft.set_layout(draft.layout.renamed(self.old, self.new))
        draft.set_pins(draft.pins.renamed(self.old, self.new))


@dataclass(frozen=True, slots=True)
class SetInput:
    """Give an input of a node a literal, or wire it: ``value`` is a plain value, a Constant or a Reference."""

    node: str
    input: str
    value: Any
    variant: str | None = None

    @property
    def title(self) -> str:
        return f"Set {self.input} of {self.node}"

    def perform(self, draft: Draft) -> None:
        path = (*draft.body(self.node, self.variant), "inputs", self.input)
        draft.yaml.set(path, binding_value(self.value), before=())


@dataclass(frozen=True, slots=True)
class ClearInput:
    """Take an input of a node away, literal or wire."""

    node: str
    input: str
    variant: str | None = None

    @property
    def title(self) -> str:
        return f"Clear {self.input} of {self.node}"

    def perform(self, draft: Draft) -> None:
        _delete(draft, (*draft.body(self.node, self.variant), "inputs", self.input), self.node)


@dataclass(frozen=True, slots=True)
class SetNodeKey:
    """Write a key of a node such as ``("connection",)``, ``("source", "path")`` or ``("activate",)``; values may be bindings."""

    node: str
    path: tuple[str, ...]
    value: Any
    variant: str | None = None

    @property
    def title(self) -> str:
        return f"Set {'.'.join(self.path)} of {self.node}"

    def perform(self, draft: Draft) -> None:
        if self.path[:1] in (("name",), ("use_variants",)) or not self.path:
            raise UsageError("This key has an edit of its own.", hint="Use RenameNode, UseVariants or DropVariants.")
        value = self.value
        if isinstance(value, Mapping):
            value = {key: binding_value(item) for key, item in value.items()}
        draft.yaml.set((*draft.body(self.node, self.variant), *self.path), binding_value(value), before=())


@dataclass(frozen=True, slots=True)
class ClearNodeKey:
    node: str
    path: tuple[str, ...]
    variant: str | None = None

    @property
    def title(self) -> str:
        return f"Clear {'.'.join(self.path)} of {self.node}"

    def perform(self, draft: Draft) -> None:
        if len(self.path) == 1 and self.path[0] in ("name", "type", "source", "use_variants"):
            raise UsageError(f"A node needs its {self.path[0]}.", hint="Set it to another value.")
        _delete(draft, (*draft.body(self.node, self.variant), *self.path), self.node)


def _delete(draft: Draft, path: Path, node: str) -> None:
    if not draft.has(path):
        raise UsageError(f"The node '{node}' has no {path[-1]!r}.", hint="There is nothing to clear.", node=node)
    draft.yaml.delete(path)


def source_path(draft: Draft, body: Path) -> str:
    """The file a node's body names, in one spelling; empty where it names none."""
    path = draft.value((*body, "source", "path"))
    return posixpath.normpath(path) if isinstance(path, str) and path.strip() else ""


def is_used(draft: Draft, path: str) -> bool:
    """Whether any node names the file, or any other text of the folder speaks of it: an import, an include, a path."""
    if any(source_path(draft, body) == path for _, body in draft.all_bodies()):
        return True
    name = posixpath.basename(path)
    words = [re.escape(name)]
    if name.endswith(".py"):
        words.append(re.escape(name.removesuffix(".py")))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
    others = (text for file, text in draft.files.items() if file not in (path, LAYOUT_FILE, PINS_FILE, draft.flow))
    if any(pattern.search(text) for text in others):
        return True
    exact = re.compile(rf"(?<![\w./]){words[0]}(?!\w)|(?<!\w)(?:\./)?{re.escape(path)}(?!\w)")
    return exact.search(draft.files[draft.flow]) is not None
