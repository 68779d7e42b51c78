"""New nodes: what can be added, what fits a port, and the texts a new node starts with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, Edit, Group, free_name
from flowloom.flows.model.flow import EMPTY, Reference
from flowloom.flows.model.types import fits
from flowloom.flows.node.registry import Registry, type_id
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.canvas.cards import PortRef, Wire
from flowloom.studio.document.wiring import binding_at, connect, name_for, port_type
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

NODE_MIME: Final = "application/x-flowloom-node"
"""What a drag from the library carries: the id of a node type, as UTF-8."""

_NOT_BY_HAND: Final = ("loom.python.flex", "loom.prompt.prompty")
_FIRST: Final = (
    "loom.llm.chat", "loom.prompt.template", "loom.python.tool", "loom.logic.switch", "loom.flow.map", "loom.text.join",
    "loom.data.json_parse",
)  # fmt: skip
_ANNOTATIONS: Final[Mapping[str, str]] = {
    "string": "str", "int": "int", "double": "float", "bool": "bool", "list": "list", "object": "dict"
}  # fmt: skip

_PYTHON: Final = '''\
from promptflow.core import tool


@tool
def {name}({variable}: {type}) -> {type}:
    """Say here what this step does."""
    return {variable}
'''
_CHAT: Final = "system:\nYou are a helpful assistant.\n\nuser:\n{{{{{variable}}}}}\n"
_TEXT: Final = "{{{{{variable}}}}}\n"


def offered(registry: Registry) -> list[NodeSpec]:
    """The node types a person can add, most useful first. Those made for other packages' flows are left out: they only stay in flows."""
    found = [spec for id, spec in registry.specs().items() if id not in _NOT_BY_HAND and not id.startswith("promptflow.")]
    place = {id: position for position, id in enumerate(_FIRST)}
    return sorted(found, key=lambda spec: (place.get(spec.id, len(place)), spec.title.lower()))


def used_first(document: FlowDocument, specs: Iterable[NodeSpec]) -> list[NodeSpec]:
    """The node types with those the flow uses most in front."""
    uses = Counter(type_id(node, document.flow) for node in document.flow.nodes.values())
    return sorted(specs, key=lambda spec: -uses[spec.id])


def fitting(document: FlowDocument, specs: Iterable[NodeSpec], port: PortRef) -> list[NodeSpec]:
    """The node types a wire from (or to) ``port`` can lead to, most used first."""
    kind = port_type(document, port)
    fit = [spec for spec in specs if _end(spec, port, kind) is not None]
    return used_first(document, fit)


def new_node(
    document: FlowDocument, spec: NodeSpec, place: Place, name: str | None = None, wire: PortRef | None = None
) -> Edit:
    """Add a node of a type, with a prompt or code to start from, at a place; wired to ``wire`` where that fits."""
    return make(document, spec, place, name, wire).edit


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node to be added. ``input`` and ``output`` are the ports a wire would take."""

    name: str
    edit: Edit
    input: PortRef | None
    output: PortRef | None


def make(
    document: FlowDocument, spec: NodeSpec, place: Place, name: str | None = None, wire: PortRef | None = None,
    taken_from: Reference | None = None,
) -> NewNode:  # fmt: skip
    """As ``new_node``, with the name the node gets. ``taken_from`` is the exact reference where it is more than the port's."""
    taken = {*document.flow.nodes}
    name = name or free_name(spec.title, taken)
    kind = port_type(document, wire) if wire else "any"
    variable = _variable(spec, wire)
    start = _start(document, spec, name, variable, kind if wire and wire.side == "out" else "string")
    inputs, outputs = _ends(spec, variable, kind)
    added = AddNode(name, start.body, start.files, replace(place, title=place.title or _title(document, spec, name)))
    edits: list[Edit] = [added]
    made = NewNode(name, added, PortRef(name, "in", inputs) if inputs else None, PortRef(name, "out", outputs) if outputs else None)
    if wire is not None:
        source, target = (wire, made.input) if wire.side == "out" else (made.output, wire)
        if source is not None and target is not None:
            edits.append(_wired(document, spec, source, target, taken_from))
    return replace(made, edit=Group(tr("Add {name}", name=tr_data(spec.title)), tuple(edits)))


def _wired(
    document: FlowDocument, spec: NodeSpec, source: PortRef, target: PortRef, taken: Reference | None = None
) -> Edit:
    """The wire between a new node and one that stands; what comes from the new one cannot be looked up yet."""
    if source.card in document.flow.nodes or source.card.startswith("@"):
        return connect(document, source, target, taken=taken)
    several = len(spec.ports.outputs) > 1
    return connect(document, source, target, taken=Reference("node", source.card, (source.port,) if several else ()))


def _title(document: FlowDocument, spec: NodeSpec, name: str) -> str:
    """The type's title, with the number that sets the name apart."""
    number = name.rpartition("_")[2]
    base = free_name(spec.title, ())
    return f"{tr_data(spec.title)} {number}" if name != base and number.isdigit() else tr_data(spec.title)


def _variable(spec: NodeSpec, wire: PortRef | None) -> str:
    if wire is not None and wire.side == "out":
        return free_name(name_for(wire), ())
    return {"loom.llm.chat": "question", "loom.llm.completion": "question"}.get(spec.id, "text")


def _end(spec: NodeSpec, port: PortRef, kind: str) -> str | None:
    """The port of a new node that a wire from ``port`` would take."""
    inputs, outputs = _ends(spec, _variable(spec, port), kind)
    return inputs if port.side == "out" else outputs


def _ends(spec: NodeSpec, variable: str, kind: str) -> tuple[str | None, str | None]:
    """The input that takes a value of a type, and the output that gives one."""
    ports = spec.ports
    own = next((port.name for port in ports.inputs.values() if not port.is_setting and _takes(port.type, kind)), None)
    named = variable if ports.accepts_named or spec.id == "loom.python.tool" else None
    gives = next((port.name for port in ports.outputs.values() if fits(port.type, kind)), None)
    return own or named, gives


def _takes(type_name: str, kind: str) -> bool:
    return type_name != "connection" and fits(kind, type_name)


@dataclass(frozen=True, slots=True)
class _Start:
    body: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def _start(document: FlowDocument, spec: NodeSpec, name: str, variable: str, kind: str) -> _Start:
    """The keys and files a node of this type begins with."""
    if spec.id in ("loom.llm.chat", "loom.llm.completion"):
        path = free_file(document, name, ".jinja2")
        api = "chat" if spec.id == "loom.llm.chat" else "completion"
        text = (_CHAT if api == "chat" else _TEXT).format(variable=variable)
        body = {
            "type": "llm", "source": {"type": "code", "path": path}, "inputs": {"temperature": 0.2, "max_tokens": 256},
            "connection": "local", "api": api,
        }  # fmt: skip
        return _Start(body, {path: text})
    if spec.id == "loom.prompt.template":
        path = free_file(document, name, ".jinja2")
        return _Start({"type": "prompt", "source": {"type": "code", "path": path}}, {path: _TEXT.format(variable=variable)})
    if spec.id == "loom.python.tool":
        path = free_file(document, name, ".py")
        function = name if name.isidentifier() else "step"
        text = _PYTHON.format(name=function, variable=variable, type=_ANNOTATIONS.get(kind, "object"))
        return _Start({"type": "python", "source": {"type": "code", "path": path}}, {path: text})
    body = {"type": "python", "source": {"type": "package", "tool": spec.id}}
    needed = {port.name: _first_value(port.type) for port in spec.ports.inputs.values() if port.is_setting and port.required}
    return _Start({**body, "inputs": needed} if needed else body)


def _first_value(type_name: str) -> Any:
    """An empty value for a setting that must be given: the form shows it, to be filled in."""
    return {"list": [], "object": {}, "int": 0, "double": 0.0, "bool": False}.get(type_name, "")


def free_file(document: FlowDocument, stem: str, ending: str) -> str:
    """A file name that neither the open texts nor the folder on disk holds."""
    number, name = 1, f"{stem}{ending}"
    while name in document.files or os.path.lexists(document.root / name):
        number += 1
        name = f"{stem}_{number}{ending}"
    return name


def insert_new(document: FlowDocument, spec: NodeSpec, place: Place, wire: Wire, name: str | None = None) -> NewNode | None:
    """A new node put into a wire; None where its type does not fit there."""
    source, target = wire.source, wire.target
    inputs = _end(spec, source, port_type(document, source))
    output = _end(spec, target, port_type(document, target))
    if inputs is None or output is None or wire.is_condition:
        return None
    taken = binding_at(document, target)
    made = make(document, spec, place, name, source, taken if isinstance(taken, Reference) else None)
    rest = _wired(document, spec, PortRef(made.name, "out", output), target)
    return replace(made, edit=Group(tr("Insert {name}", name=tr_data(spec.title)), (made.edit, rest)))
