"""What a drawing of a flow shows, whatever draws it: cards with a title and a line about them, and wires between
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from flowloom.flows.model.flow import MISSING, Constant, Flow, FlowInput, Node, Reference

CardKind = Literal["llm", "prompt", "python", "retrieval", "agent", "logic", "io", "out"]

INPUTS: Final = "@inputs"
OUTPUTS: Final = "@outputs"

_PACKAGE_KINDS: Final[dict[str, CardKind]] = {
    "llm": "llm", "prompt": "prompt", "retrieval": "retrieval", "agent": "agent", "logic": "logic", "flow": "logic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """``id`` is the node's name, or ``@inputs`` / ``@outputs``; ``about`` is one muted line."""

    id: str
    title: str
    about: str
    kind: CardKind
    aggregation: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """``condition`` says, for a dashed wire, when the target runs: ``only if ... is refund``."""

    source: str
    target: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]


def picture(flow: Flow, *, ends: bool = True) -> Picture:
    """The cards and wires of a flow, sound or not: wires to nodes that do not exist are left out. ``ends`` adds cards
    for the flow's inputs and outputs.
    """
    cards = [
        Card(node.name, node.name, about_node(node), _kind(node), node.aggregation) for node in flow.nodes.values()
    ]
    wires = list(_node_wires(flow))
    if ends and flow.inputs:
        cards.insert(0, Card(INPUTS, "Inputs", ", ".join(flow.inputs), "io"))
    if ends and flow.outputs:
        cards.append(Card(OUTPUTS, "Outputs", ", ".join(flow.outputs), "out"))
        bindings = [output.binding for output in flow.outputs.values()]
        wires += [Wire(_source(binding), OUTPUTS) for binding in bindings if isinstance(binding, Reference)]
    known = {card.id for card in cards}
    kept = [wire for wire in wires if wire.source in known and wire.target in known]
    return Picture(flow.name, tuple(cards), tuple(dict.fromkeys(kept)))


def about_node(node: Node) -> str:
    """One line about a node: what it is and where its work is written."""
    parts: list[str] = []
    if node.type == "llm":
        parts = ["model", _model(node)]
    elif node.source.type == "package":
        parts = [node.source.tool or "package tool"]
    else:
        parts = ["own prompt" if node.type == "custom_llm" else node.type]
    parts.append(node.source.path or "")
    if node.variant:
        parts.append(f"variant {node.variant}")
    if node.aggregation:
        parts.append("over all rows")
    return " · ".join(part for part in parts if part)


def about_input(spec: FlowInput) -> str:
    """``question (string, needed)``, ``count (int, 3 unless given)``."""
    if spec.default is MISSING or spec.default is None:
        return f"{spec.name} ({spec.type}, needed)"
    default = repr(spec.default) if isinstance(spec.default, str) else str(spec.default)
    return f"{spec.name} ({spec.type}, {default if len(default) <= 40 else default[:39] + '…'} unless given)"


def condition(node: Node) -> str:
    """When a node with an activate condition runs, in words."""
    if node.activate is None:
        return ""
    when = node.activate.when
    what = str(when) if isinstance(when, Reference) else repr(when.value)
    return f"only if {what} is {_shown(node.activate.value)}"


def _node_wires(flow: Flow) -> Iterator[Wire]:
    for node in flow.nodes.values():
        for binding in node.inputs.values():
            if isinstance(binding, Reference):
                yield Wire(_source(binding), node.name)
        if node.activate is not None and isinstance(node.activate.when, Reference):
            yield Wire(_source(node.activate.when), node.name, condition(node))


def _source(reference: Reference) -> str:
    return INPUTS if reference.source == "input" else reference.name


def _kind(node: Node) -> CardKind:
    if node.type in ("llm", "custom_llm"):
        return "llm"
    if node.type == "prompt":
        return "prompt"
    tool = node.source.tool or ""
    if tool.startswith("loom.") and tool.count(".") >= 2:
        return _PACKAGE_KINDS.get(tool.split(".")[1], "python")
    return "python"


def _model(node: Node) -> str:
    for key in ("deployment_name", "model"):
        binding = node.inputs.get(key)
        if isinstance(binding, Constant) and isinstance(binding.value, str) and binding.value:
            return binding.value
    return ""


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
