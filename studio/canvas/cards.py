"""What the canvas shows of a flow, as plain data: cards with their ports, and wires. Read from a FlowDocument; drawn by the scene.

Card ids are node names, ``@inputs`` and ``@outputs``. A port is named by card, side and port name; the one port ``@activate`` of a node
takes the wire of its condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID, Place
from flowloom.flows.model.flow import EMPTY, Constant, Flow, FlowInput, Node, Reference, path_text
from flowloom.flows.node.spec import NodeSpec, Port, Ports
from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme.icons import node_icon

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

ACTIVATE: Final = "@activate"

Side = Literal["in", "out"]


class PortRef(NamedTuple):
    """One port on the canvas."""

    card: str
    side: Side
    port: str


@dataclass(frozen=True, slots=True)
class PortRow:
    """One row of ports on a card. ``value`` is the literal written for it, in short; ``filled`` is false for hollow rings."""

    name: str
    side: Side
    type: str = "any"
    filled: bool = True
    required: bool = False
    value: str = ""
    note: str = ""
    """What it is for a conversation: 'the question', 'the history'."""
    help: str = ""

    def ref(self, card: str) -> PortRef:
        return PortRef(card, self.side, self.name)


@dataclass(frozen=True, slots=True)
class Wire:
    """A value's way. ``path`` is what of the output it takes; ``words`` say when, on the wire of a condition."""

    source: PortRef
    target: PortRef
    path: tuple[str | int, ...] = ()
    words: str = ""

    @property
    def is_condition(self) -> bool:
        return self.target.port == ACTIVATE

    @property
    def key(self) -> PortRef:
        """A port takes one wire: its target names it."""
        return self.target


@dataclass(frozen=True, slots=True)
class Card:
    """One card. ``lines`` are the two settings that matter; ``kind`` decides the chip's colour."""

    id: str
    kind: str
    icon: str
    title: str
    lines: tuple[str, ...] = ()
    ports: tuple[PortRow, ...] = ()
    collapsed: bool = False
    color: str = ""
    hide_wires: bool = False
    unknown: bool = False
    """Its node type is not installed: a placeholder that keeps everything."""
    conditional: bool = False
    aggregation: bool = False
    pinned: bool = False
    variant: str = ""

    @property
    def inputs(self) -> tuple[PortRow, ...]:
        return tuple(row for row in self.ports if row.side == "in")

    @property
    def outputs(self) -> tuple[PortRow, ...]:
        return tuple(row for row in self.ports if row.side == "out")

    @property
    def is_node(self) -> bool:
        return not self.id.startswith("@")


@dataclass(frozen=True)
class Cards:
    """All cards and wires of a flow; wires by the port they end in."""

    cards: Mapping[str, Card] = field(default_factory=lambda: EMPTY)
    wires: Mapping[PortRef, Wire] = field(default_factory=lambda: EMPTY)

    def wires_of(self, card: str) -> tuple[Wire, ...]:
        return tuple(wire for wire in self.wires.values() if card in (wire.source.card, wire.target.card))


def read_cards(
    document: FlowDocument, before: Cards | None = None, changed: Iterable[str] | None = None, *, same_flow: bool = False
) -> Cards:
    """The cards of a document. With ``before`` and ``changed`` only those cards are made anew, and the others taken over; so are the wires
    where it is the ``same_flow`` and only places changed."""
    flow = document.flow
    pins = document.pins.values
    anew = None if before is None or changed is None else set(changed)

    def card(name: str) -> Card:
        if before is not None and anew is not None and name not in anew and name in before.cards:
            return before.cards[name]
        place = document.layout.place(name) or Place()
        if name == INPUTS_ID:
            return _inputs_card(flow, place)
        if name == OUTPUTS_ID:
            return _outputs_card(flow, place)
        return _node_card(document, flow.nodes[name], place, name in pins)  # pyright: ignore[reportArgumentType]

    names = [INPUTS_ID, *flow.nodes, OUTPUTS_ID]
    cards = {name: card(name) for name in names}
    if same_flow and before is not None and anew is not None and cards.keys() == before.cards.keys():
        # Words of conditions name cards by their titles.
        same_titles = all(cards[name].title == before.cards[name].title for name in anew if name in cards)
        return Cards(cards, before.wires if same_titles else _wires(flow, cards))
    return Cards(cards, _wires(flow, cards))


def _inputs_card(flow: Flow, place: Place) -> Card:
    rows = tuple(
        PortRow(name, "out", spec.type, True, spec.required, _short(spec.default) if not spec.required else "", _role(spec), spec.description)
        for name, spec in flow.inputs.items()
    )  # fmt: skip
    title = place.title or tr("Inputs")
    return Card(INPUTS_ID, "io", "sign-in", title, (), rows, place.collapsed, place.color, place.hide_wires)


def _outputs_card(flow: Flow, place: Place) -> Card:
    rows = tuple(
        PortRow(
            name, "in", spec.type, isinstance(spec.binding, Reference), True,
            _short(spec.binding.value) if isinstance(spec.binding, Constant) else "",
            tr("the answer") if spec.is_chat_output else "", spec.description,
        )
        for name, spec in flow.outputs.items()
    )  # fmt: skip
    title = place.title or tr("Outputs")
    return Card(OUTPUTS_ID, "out", "sign-out", title, (), rows, place.collapsed, place.color, place.hide_wires)


def _role(spec: FlowInput) -> str:
    if spec.is_chat_input:
        return tr("the question")
    return tr("the history") if spec.is_chat_history else ""


def _node_card(document: FlowDocument, node: Node, place: Place, pinned: bool) -> Card:
    spec, ports = document.spec(node.name), document.ports(node.name)
    kind = spec.kind if spec else "io"
    variants = document.flow.variants.get(node.name)
    return Card(
        id=node.name,
        kind=kind,
        icon=node_icon(kind, spec.icon) if spec else "puzzle-piece",
        title=place.title or node.name,
        lines=_lines(document, node, spec),
        ports=_rows(node, ports),
        collapsed=place.collapsed,
        color=place.color,
        hide_wires=place.hide_wires,
        unknown=spec is None,
        conditional=node.activate is not None,
        aggregation=node.aggregation,
        pinned=pinned,
        variant=str(node.variant) if variants is not None and len(variants.choices) > 1 and node.variant else "",
    )


def _rows(node: Node, ports: Ports | None) -> tuple[PortRow, ...]:
    """Inputs that are ports, then wired or named ones, then outputs. Settings stay in the form unless they are wired."""
    known = ports.inputs if ports else EMPTY
    rows: list[PortRow] = []
    for name, port in known.items():
        binding = node.inputs.get(name)
        if port.type in ("connection", "prompt_template") and not isinstance(binding, Reference):
            continue
        if port.is_setting and not isinstance(binding, Reference):
            continue
        rows.append(_input_row(name, port, binding))
    for name, binding in node.inputs.items():
        if name not in known:
            type_name = ports.named_type if ports and ports.accepts_named else "any"
            if isinstance(binding, Reference) or ports is None or ports.accepts_named:
                rows.append(_input_row(name, Port(name, type_name, required=False), binding))
    outputs = ports.outputs.values() if ports else (Port("output"),)
    rows += [PortRow(port.name, "out", port.type, help=tr_data(port.description)) for port in outputs]
    return tuple(rows)


def _input_row(name: str, port: Port, binding: Constant | Reference | None) -> PortRow:
    value = _short(binding.value) if isinstance(binding, Constant) else ""
    return PortRow(name, "in", port.type, binding is not None, port.required, value, "", tr_data(port.description))


def _lines(document: FlowDocument, node: Node, spec: NodeSpec | None) -> tuple[str, ...]:
    """The two settings that matter: the model and the prompt's first words, or the file, or the tool."""
    if spec is None:
        return (tr("Not installed: {tool}", tool=node.source.tool or node.type),)
    text = document.text(node.source.path) if node.source.path else ""
    if spec.kind == "llm" and node.type in ("llm", "custom_llm"):
        return tuple(line for line in (_model_line(node), first_words(text)) if line)
    if node.type == "prompt":
        return tuple(line for line in (first_words(text),) if line)
    if node.source.path:
        return (node.source.path,)
    literals = [f"{name}: {_short(value.value)}" for name, value in node.inputs.items() if isinstance(value, Constant)]
    return (" · ".join(literals[:2]),) if literals else ()


def _model_line(node: Node) -> str:
    model = next((node.inputs[key] for key in ("deployment_name", "model") if key in node.inputs), None)
    name = str(model.value) if isinstance(model, Constant) and model.value else ""
    if node.connection == "local":
        where = tr("this computer") if name else tr("the model on this computer")
    else:
        where = node.connection or tr("no connection yet")
    return " · ".join(part for part in (name, where) if part)


def first_words(prompt: str) -> str:
    """The first line of a prompt that says something: no role marker, no comment."""
    for line in prompt.splitlines():
        words = line.strip().lstrip("#").strip()
        if words and not words.startswith(("{#", "{%")) and words.rstrip(":").lower() not in _ROLES:
            return words[:120]
    return ""


_ROLES: Final = ("system", "user", "assistant", "function", "tool", "developer")


def _wires(flow: Flow, cards: Mapping[str, Card]) -> dict[PortRef, Wire]:
    found: dict[PortRef, Wire] = {}
    outputs: dict[str, tuple[str, ...]] = {}

    def outputs_of(card: str) -> tuple[str, ...]:
        if card not in outputs:
            outputs[card] = tuple(row.name for row in cards[card].ports if row.side == "out")
        return outputs[card]

    def add(reference: Reference, target: PortRef, words: str = "") -> None:
        source = _source(reference, cards, outputs_of)
        if source is not None:
            found[target] = Wire(source, target, reference.path, words)

    for node in flow.nodes.values():
        for name, binding in node.inputs.items():
            if isinstance(binding, Reference):
                add(binding, PortRef(node.name, "in", name))
        if node.activate is not None and isinstance(node.activate.when, Reference):
            add(node.activate.when, PortRef(node.name, "in", ACTIVATE), _when(node, cards))
    for output in flow.outputs.values():
        if isinstance(output.binding, Reference):
            add(output.binding, PortRef(OUTPUTS_ID, "in", output.name))
    return found


def _source(reference: Reference, cards: Mapping[str, Card], outputs_of: Callable[[str], Sequence[str]]) -> PortRef | None:
    """The port a reference comes from; None where the flow has no such node or input."""
    if reference.source == "input":
        return PortRef(INPUTS_ID, "out", reference.name) if reference.name in outputs_of(INPUTS_ID) else None
    if reference.name not in cards:
        return None
    names = outputs_of(reference.name)
    if len(names) > 1 and reference.path and reference.path[0] in names:
        return PortRef(reference.name, "out", str(reference.path[0]))
    return PortRef(reference.name, "out", names[0] if names else "output")


def _when(node: Node, cards: Mapping[str, Card]) -> str:
    activate = node.activate
    if activate is None or not isinstance(activate.when, Reference):
        return ""
    reference = activate.when
    name = reference.name
    if reference.source == "node" and name in cards:
        name = cards[name].title
    what = f"{name}{path_text(reference.path)}" if reference.path else name
    return tr("only when {what} is {value}", what=what, value=_short(activate.value))


def _short(value: Any) -> str:
    """A literal in a few characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    text = value if isinstance(value, str) else _as_json(value)
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def _as_json(value: Any) -> str:
    import json

    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)
