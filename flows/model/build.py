"""From a flow file to a Flow: builds what can be built and notes every problem of structure, with its line. Runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.flows.document.flow_file import FlowFile
from flowloom.flows.model import keys
from flowloom.flows.model.build_node import build_node
from flowloom.flows.model.build_parts import Notes, Path, flow_input, flow_output
from flowloom.flows.model.flow import (
    EMPTY,
    Flow,
    FlowInput,
    FlowOutput,
    Node,
    NodeName,
    Variant,
    VariantId,
    Variants,
)
from flowloom.flows.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Built:
    """A flow and what is wrong with its structure.

    ``paths`` says where each node's body stands in the file, for ``FlowFile.location``: ``("nodes", 3)``, or inside ``node_variants``.
    """

    flow: Flow
    problems: tuple[Problem, ...] = ()
    paths: Mapping[NodeName, Path] = field(default_factory=lambda: EMPTY)


def build(file: FlowFile, *, chosen: Mapping[str, str] = EMPTY) -> Built:
    """Build the flow of ``file``. ``chosen`` maps nodes to variant ids; the others take their default.

    Never raises for what is written in the file; what cannot be read is left out and noted.
    """
    notes = Notes(file)
    if file.kind != "dag":
        from flowloom.flows.model.build_opaque import build_opaque

        return Built(build_opaque(notes), tuple(notes.problems), {})
    data = file.data
    if not data:
        notes.error("flow.empty", f"The file {file.name} is empty.", "Write 'nodes:' and the first node below it.", ())
    notes.slips(data, keys.FLOW_KEYS, ())
    head = header(notes)
    inputs, outputs = build_inputs(notes, data.get("inputs")), build_outputs(notes)
    builder = _Nodes(notes, chosen)
    builder.build()
    flow = Flow(inputs=inputs, outputs=outputs, nodes=builder.nodes, variants=builder.variants, **head)
    return Built(flow, tuple(notes.problems), builder.paths)


def header(notes: Notes) -> dict[str, Any]:
    """Everything of a flow but its inputs, outputs and nodes."""
    file, data = notes.file, notes.file.data
    language = (notes.text(data, "language", ()) or "python").lower()
    if language != "python":
        notes.error(
            "flow.language",
            f"The flow is written in {'C#' if language == 'csharp' else language}, which Flowloom does not run.",
            "Flows in Python are supported; others are not.",
            ("language",),
            field="language",
        )
    includes = data.get("additional_includes")
    if includes is not None and not isinstance(includes, list):
        notes.error(
            "flow.includes",
            "'additional_includes' must be a list of paths.",
            "Write one '- path' a line below it.",
            ("additional_includes",),
            field="additional_includes",
        )
        includes = None
    return {
        "root": file.root,
        "file": file.name,
        "name": notes.text(data, "name", ()) or file.root.name or "flow",
        "kind": file.kind,
        "type": notes.word(data, "type", (), keys.FLOW_TYPE_WORDS) or "standard",
        "language": language,
        "display_name": notes.text(data, "display_name", ()) or "",
        "description": notes.text(data, "description", ()) or "",
        "environment_variables": dict(
            notes.mapping(data.get("environment_variables"), ("environment_variables",), "'environment_variables'")
        ),
        "additional_includes": tuple(str(path) for path in includes or ()),
        "message_format": notes.word(data, "message_format", (), keys.MESSAGE_FORMAT_WORDS) or "basic",
        "tags": {str(key): str(value) for key, value in notes.mapping(data.get("tags"), ("tags",), "'tags'").items()},
    }


def build_inputs(notes: Notes, written: Any, untyped: str | None = None) -> dict[str, FlowInput]:
    """The inputs in ``written``, the value of ``inputs``; ``untyped`` is the type of those that declare none."""
    found: dict[str, FlowInput] = {}
    for key, value in notes.mapping(written, ("inputs",), "'inputs'").items():
        item = flow_input(notes, str(key), value, ("inputs", key), untyped)
        if item is not None:
            found[item.name] = item
    return found


def build_outputs(notes: Notes) -> dict[str, FlowOutput]:
    found: dict[str, FlowOutput] = {}
    for key, value in notes.mapping(notes.file.data.get("outputs"), ("outputs",), "'outputs'").items():
        item = flow_output(notes, str(key), value, ("outputs", key))
        if item is not None:
            found[item.name] = item
    return found


class _Nodes:
    """The nodes of a flow file, variants put in place."""

    def __init__(self, notes: Notes, chosen: Mapping[str, str]) -> None:
        self.notes = notes
        self.chosen = chosen
        self.nodes: dict[NodeName, Node] = {}
        self.variants: dict[NodeName, Variants] = {}
        self.paths: dict[NodeName, Path] = {}
        self.written = notes.mapping(notes.file.data.get("node_variants"), ("node_variants",), "'node_variants'")

    def build(self) -> None:
        notes = self.notes
        listed = notes.file.data.get("nodes")
        if listed is not None and not isinstance(listed, list):
            notes.error(
                "structure.list",
                "'nodes' must be a list.",
                "Begin each node with '- name: '.",
                ("nodes",),
                field="nodes",
            )
            listed = None
        lines: dict[NodeName, int] = {}
        for index, data in enumerate(listed or ()):
            path: Path = ("nodes", index)
            name = self._name(data, path)
            if name is None:
                continue
            if name in lines:
                notes.error(
                    "node.duplicate",
                    f"Two nodes are named '{name}'; the first is on line {lines[name]}.",
                    "Give one of them another name.",
                    (*path, "name"),
                    node=name,
                    field="name",
                )
                continue
            place = notes.file.location(path)
            lines[name] = place.line if place else 0
            self._one(name, data, path)
        for name, entry in self.written.items():
            # Also where no node uses them: prompt flow refuses to read such a file.
            if isinstance(entry, dict) and "variants" not in entry and name not in self.variants and name not in lines:
                notes.error(
                    "variant.none",
                    f"The variants of '{name}' lack the key 'variants'.",
                    "Write 'variants:' and below it a name and 'node:' for each, or delete the entry.",
                    ("node_variants", name),
                )
        for name in self.chosen:
            if name not in lines:
                notes.error(
                    "variant.unknown_node",
                    f"A variant is chosen for the node '{name}', which does not exist.",
                    "Choose with ${node.variant}, by the names of the flow.",
                    ("nodes",),
                    node=name,
                )

    def _name(self, data: Any, path: Path) -> NodeName | None:
        if not isinstance(data, dict):
            self.notes.error(
                "structure.mapping",
                "A node must be a mapping of keys such as name and type.",
                "Begin it with '- name: '.",
                path,
                field="nodes",
            )
            return None
        name = self.notes.text(data, "name", path)
        if not name:
            self.notes.error(
                "node.name_missing",
                "A node lacks its name.",
                "Write 'name: ' and a name that no other node has.",
                path,
                field="name",
            )
            return None
        return NodeName(name)

    def _one(self, name: NodeName, data: Mapping[Any, Any], path: Path) -> None:
        if not self.notes.flag(data, "use_variants", path, node=name):
            self.paths[name] = path
            node = build_node(self.notes, name, data, path)
            if node is not None:
                self.nodes[name] = node
            return
        variants = self._variants(name, data, path)
        if variants is None:
            return
        self.variants[name] = variants
        wanted = VariantId(self.chosen.get(name) or variants.default)
        choice = variants.choices.get(wanted)
        if choice is not None:
            self.nodes[name] = choice.node
            return
        known = ", ".join(variants.choices) or "none"
        if name in self.chosen:
            self.notes.error(
                "variant.unknown",
                f"The node '{name}' has no variant '{wanted}'.",
                f"Choose one of: {known}.",
                path,
                node=name,
            )
        else:
            self.notes.error(
                "variant.default",
                f"The default variant {str(wanted)!r} of the node '{name}' does not exist.",
                f"Write 'default_variant_id: ' and one of: {known}.",
                ("node_variants", name, "default_variant_id"),
                node=name,
            )

    def _variants(self, name: NodeName, data: Mapping[Any, Any], path: Path) -> Variants | None:
        notes = self.notes
        at: Path = ("node_variants", name)
        entry = notes.mapping(self.written.get(name), at, "The variants of a node", name)
        written = notes.mapping(entry.get("variants"), (*at, "variants"), "'variants'", name)
        if not written:
            notes.error(
                "variant.none",
                f"The node '{name}' uses variants, and none are written.",
                "Write them under 'node_variants:', or delete 'use_variants'.",
                (*path, "use_variants"),
                node=name,
            )
            return None
        default = VariantId(str(entry.get("default_variant_id", "")))
        wanted = self.chosen.get(name) or default
        choices: dict[VariantId, Variant] = {}
        for key, value in written.items():
            where = (*at, "variants", key)
            fields = notes.mapping(value, where, "A variant", name)
            body = fields.get("node")
            if not isinstance(body, dict):
                notes.error(
                    "variant.node_missing",
                    f"The variant '{key}' of the node '{name}' lacks its node.",
                    "Write 'node:' and below it type, source and inputs.",
                    where,
                    node=name,
                )
                continue
            node = build_node(notes, name, body, (*where, "node"), VariantId(str(key)))
            if node is not None:
                choices[VariantId(str(key))] = Variant(
                    VariantId(str(key)), node, notes.text(fields, "description", where, name) or ""
                )
            if str(key) == wanted:
                self.paths[name] = (*where, "node")
        return Variants(default, choices)
