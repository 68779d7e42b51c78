"""What wires mean in the flow's texts: which port fits which and why not, and the edits that connect, cut, insert and heal.

Ports are named as on the canvas (``PortRef``). A port that does not exist yet may be a wire's end where its card takes new ones: a
variable of a prompt, a named input, an input or output of the flow; connecting makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import (
    AddFlowInput,
    AddFlowOutput,
    ClearFlowKey,
    ClearInput,
    ClearNodeKey,
    DeleteNodes,
    Edit,
    Group,
    SetFlowKey,
    SetInput,
    SetNodeKey,
    SetText,
    free_name,
)
from flowloom.flows.model.flow import Binding, Node, Reference
from flowloom.flows.model.types import FLOW_TYPES, fits, in_words
from flowloom.studio.canvas.cards import ACTIVATE, Cards, PortRef, Wire
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

_ANONYMOUS = ("output", "value", "result")
"""Names of outputs that say nothing: what comes from them is called after their node."""


def ordered(first: PortRef, second: PortRef) -> tuple[PortRef, PortRef]:
    """Two ends of a wire as (source, target)."""
    return (first, second) if first.side == "out" else (second, first)


def title_of(document: FlowDocument, card: str) -> str:
    """What people call a card."""
    place = document.layout.place(card)
    if place is not None and place.title:
        return place.title
    return {INPUTS_ID: tr("Inputs"), OUTPUTS_ID: tr("Outputs")}.get(card, card)


def port_type(document: FlowDocument, port: PortRef) -> str:
    """The type of a port; ``any`` where it is not known."""
    if port.card == INPUTS_ID:
        given = document.flow.inputs.get(port.port)
        return given.type if given else "any"
    if port.card == OUTPUTS_ID:
        output = document.flow.outputs.get(port.port)
        return output.type if output else "any"
    ports = document.ports(port.card)
    if ports is None or port.port == ACTIVATE:
        return "any"
    known = (ports.outputs if port.side == "out" else ports.inputs).get(port.port)
    if known is not None:
        return known.type
    return ports.named_type if port.side == "in" and ports.accepts_named else "any"


def reference(document: FlowDocument, port: PortRef) -> Reference:
    """The reference that takes the value of an output port."""
    if port.card == INPUTS_ID:
        return Reference("input", port.port)
    ports = document.ports(port.card)
    several = ports is not None and len(ports.outputs) > 1
    return Reference("node", port.card, (port.port,) if several else ())


def binding_at(document: FlowDocument, target: PortRef) -> Binding | None:
    """What is written for an input port: a literal, a reference, or nothing."""
    if target.card == OUTPUTS_ID:
        output = document.flow.outputs.get(target.port)
        return output.binding if output else None
    node = document.node(target.card)
    if node is None:
        return None
    if target.port == ACTIVATE:
        return node.activate.when if node.activate else None
    return node.inputs.get(target.port)


def lit(document: FlowDocument, cards: Cards, start: PortRef) -> dict[PortRef, str]:
    """Every port a wire from ``start`` could end in, with '' where it fits and otherwise the reason in words."""
    side = "in" if start.side == "out" else "out"
    circle = in_circle(document, start)
    found: dict[PortRef, str] = {}
    for card in cards.cards.values():
        for row in card.ports:
            if row.side == side:
                end = row.ref(card.id)
                found[end] = _refusal(document, start, end, circle)
    return found


def refusal(document: FlowDocument, start: PortRef, end: PortRef, circle: set[str] | None = None) -> str:
    """Why a wire between two ports makes no sense, in words; '' where it does. ``circle`` is ``in_circle`` of ``start``, where many ends
    are asked about."""
    return _refusal(document, start, end, in_circle(document, start) if circle is None else circle)


def in_circle(document: FlowDocument, start: PortRef) -> set[str]:
    """The cards that a wire from a port would close a circle with."""
    return _reach(document, start.card, forward=start.side == "in")


def _refusal(document: FlowDocument, start: PortRef, end: PortRef, circle: set[str]) -> str:
    source, target = ordered(start, end)
    if source.side != "out" or target.side != "in":
        return tr("A wire leads from an output to an input.")
    if source.card == target.card:
        return tr("A node cannot take its own output.")
    if end.card in circle:
        return tr(
            "This would go in a circle: {source} waits for {target}.",
            source=title_of(document, source.card), target=title_of(document, target.card),
        )  # fmt: skip
    given, taken = document.node(source.card), document.node(target.card)
    if given is not None and given.aggregation and (taken is None or not taken.aggregation):
        return tr("{source} sums up all rows; only another such node can use it.", source=title_of(document, source.card))
    gives, takes = port_type(document, source), port_type(document, target)
    if not fits(gives, takes):
        return tr("Gives {given}, takes {taken}.", given=tr_data(in_words(gives)), taken=tr_data(in_words(takes)))
    return ""


def _reach(document: FlowDocument, card: str, *, forward: bool) -> set[str]:
    """The cards that wait for ``card`` (forward), or that it waits for, directly or through others."""
    edges: dict[str, list[str]] = {}
    for node in document.flow.nodes.values():
        for found in node.references:
            if found.source == "node":
                first, second = (found.name, node.name) if forward else (node.name, found.name)
                edges.setdefault(first, []).append(second)
    seen: set[str] = set()
    waiting = [card]
    while waiting:
        for name in edges.get(waiting.pop(), ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


# -- edits


def connect(
    document: FlowDocument, source: PortRef, target: PortRef, *, taken: Reference | None = None, when: Any = True
) -> Edit:
    """Wire two ports, making the one that does not exist yet. ``taken`` is the exact reference where it is more than the port's;
    ``when`` is the value a condition waits for."""
    what = taken or reference(document, source)
    title = tr(
        "Connect {source} to {target}", source=title_of(document, source.card), target=title_of(document, target.card)
    )
    edits: list[Edit] = []
    if source.card == INPUTS_ID and source.port not in document.flow.inputs:
        edits.append(AddFlowInput(source.port, _flow_type(port_type(document, target))))
    if target.card == OUTPUTS_ID:
        if target.port in document.flow.outputs:
            edits.append(SetFlowKey(("outputs", target.port, "reference"), what))
        else:
            edits.append(AddFlowOutput(target.port, what, _flow_type(port_type(document, source))))
    elif target.port == ACTIVATE:
        edits.append(SetNodeKey(target.card, ("activate",), {"when": what, "is": when}))
    else:
        edits.append(SetInput(target.card, target.port, what))
        edits += variable_edits(document, target.card, target.port)
    return Group(title, tuple(edits))


def variable_edits(document: FlowDocument, card: str, name: str) -> list[Edit]:
    """What makes a prompt speak of an input: its variable, where the prompt of the node lacks it."""
    node, ports = document.node(card), document.ports(card)
    if node is None or ports is None or name in ports.inputs or not has_prompt(node) or node.source.path is None:
        return []
    from flowloom.studio.document.prompt_text import with_variable

    return [SetText(node.source.path, with_variable(document.text(node.source.path), name))]


def has_prompt(node: Node) -> bool:
    """Whether a node's file is a prompt, whose variables are its ports."""
    return node.type in ("llm", "prompt", "custom_llm") and node.source.path is not None


def _flow_type(type_name: str) -> str:
    return type_name if type_name in FLOW_TYPES else "string"


def disconnect(document: FlowDocument, target: PortRef) -> Edit:
    """Take the wire away that ends in a port."""
    title = tr("Disconnect {port} of {card}", port=_port_title(target), card=title_of(document, target.card))
    if target.card == OUTPUTS_ID:
        return Group(title, (ClearFlowKey(("outputs", target.port, "reference")),))
    if target.port == ACTIVATE:
        return Group(title, (ClearNodeKey(target.card, ("activate",)),))
    return Group(title, (ClearInput(target.card, target.port),))


def _port_title(port: PortRef) -> str:
    return tr("the condition") if port.port == ACTIVATE else port.port


def rewire(document: FlowDocument, old: PortRef, source: PortRef, target: PortRef) -> Edit:
    """A wire that ended in ``old`` leads from ``source`` to ``target`` now, and keeps what of the output it took."""
    before = binding_at(document, old)
    taken = None
    if isinstance(before, Reference) and _same_source(before, reference(document, source)):
        taken = before
    edits = (connect(document, source, target, taken=taken),)
    if target != old:
        edits = (disconnect(document, old), *edits)
    return Group(tr("Rewire {card}", card=title_of(document, target.card)), edits)


def _same_source(first: Reference, second: Reference) -> bool:
    if (first.source, first.name) != (second.source, second.name):
        return False
    return not second.path or first.path[: len(second.path)] == second.path


def name_for(source: PortRef) -> str:
    """What a value is called that comes from a port."""
    return source.card if source.port in _ANONYMOUS else source.port


def new_input_name(document: FlowDocument, card: str, source: PortRef) -> str | None:
    """The name of a further input of a card for the value of ``source``; None where the card takes none."""
    if card == OUTPUTS_ID:
        return free_name(name_for(source), document.flow.outputs)
    node, ports = document.node(card), document.ports(card)
    if node is None or ports is None or not ports.accepts_named:
        return None
    return free_name(name_for(source), {*ports.inputs, *node.inputs})


def insertion(document: FlowDocument, cards: Cards, wire: Wire, card: str) -> tuple[PortRef, PortRef] | None:
    """The input and output by which a card can stand in a wire's way; None where it cannot."""
    found = cards.cards.get(card)
    if found is None or not found.is_node or card in (wire.source.card, wire.target.card) or wire.is_condition:
        return None
    free = [row for row in found.inputs if row.ref(card) not in cards.wires]
    given = [row.ref(card) for row in free if not row.value and not refusal(document, wire.source, row.ref(card))]
    takes = given[0] if given else None
    if takes is None and (name := new_input_name(document, card, wire.source)):
        takes = PortRef(card, "in", name)
    outputs = [row.ref(card) for row in found.outputs]
    gives = next((port for port in outputs if not refusal(document, port, wire.target)), None)
    return (takes, gives) if takes is not None and gives is not None else None


def insert(document: FlowDocument, cards: Cards, wire: Wire, card: str) -> Edit | None:
    """Put a card into a wire: its source leads to the card, and the card to where the wire led."""
    ports = insertion(document, cards, wire, card)
    if ports is None:
        return None
    takes, gives = ports
    before = binding_at(document, wire.target)
    first = connect(document, wire.source, takes, taken=before if isinstance(before, Reference) else None)
    return Group(tr("Insert {card}", card=title_of(document, card)), (first, connect(document, gives, wire.target)))


def delete_and_heal(document: FlowDocument, cards: Cards, names: Iterable[str]) -> Edit:
    """Delete nodes, and lead what came into each to those that waited for it, where the types fit."""
    gone = tuple(names)
    edits: list[Edit] = []
    for target, wire in cards.wires.items():
        if wire.source.card in gone and target.card not in gone and not wire.is_condition:
            before = _main_wire(cards, wire.source.card, set(gone))
            if before is not None and fits(port_type(document, before.source), port_type(document, target)):
                taken = binding_at(document, before.target)
                reference_taken = taken if isinstance(taken, Reference) else None
                edits.append(connect(document, before.source, target, taken=reference_taken))
    titles = ", ".join(title_of(document, name) for name in gone)
    return Group(tr("Delete {names} and close the gap", names=titles), (*edits, DeleteNodes(gone)))


def _main_wire(cards: Cards, card: str, gone: set[str]) -> Wire | None:
    """The wire that brings a card its first value, followed back through cards that go as well."""
    seen: set[str] = set()
    while card not in seen:
        seen.add(card)
        found = cards.cards.get(card)
        wires: Mapping[PortRef, Wire] = cards.wires
        wire = next((wires[row.ref(card)] for row in found.inputs if row.ref(card) in wires), None) if found else None
        if wire is None or wire.source.card not in gone:
            return wire
        card = wire.source.card
    return None
