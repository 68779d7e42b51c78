"""The ports a card offers a wire: those it has, the settings that may be wired, a new one, and its condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import free_name
from flowloom.flows.model.flow import Constant
from flowloom.flows.model.types import in_words
from flowloom.studio.canvas.cards import ACTIVATE, Cards, PortRef
from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.document.wiring import in_circle, name_for, new_input_name, port_type, refusal
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage
    from flowloom.studio.document.flow_document import FlowDocument

NOT_WIRED = ("connection", "prompt_template")
"""Types of settings that no wire can bring."""
_SWITCH = "loom.logic.switch"


@dataclass(frozen=True, slots=True)
class Offer:
    """One port a wire could take. ``value`` is what the output must be where ``port`` is the condition."""

    port: PortRef
    label: str
    note: str = ""
    refusal: str = ""
    type: str = "any"
    is_new: bool = False
    is_taken: bool = False
    """A wire ends there already, which this one would take the place of."""
    value: Any = True


def offers(
    document: FlowDocument, cards: Cards, start: PortRef, card: str, circle: set[str] | None = None, *, settings: bool = True
) -> list[Offer]:
    """What a card offers a wire that comes from ``start``: what fits first, a new port then, what does not fit last. ``circle`` is
    ``in_circle`` of ``start``, where many cards are asked; ``settings`` says whether those count too."""
    asked = _Asked(document, cards, start, in_circle(document, start) if circle is None else circle)
    found = [*asked.inputs(card, settings), *asked.conditions(card)] if start.side == "out" else asked.outputs(card)
    return sorted(found, key=lambda offer: bool(offer.refusal))


@dataclass(frozen=True, slots=True)
class _Asked:
    document: FlowDocument
    cards: Cards
    start: PortRef
    circle: set[str]

    def inputs(self, card: str, settings: bool) -> list[Offer]:
        document, cards, start = self.document, self.cards, self.start
        rows = {row.name: row for row in cards.cards[card].inputs} if card in cards.cards else {}
        found: list[Offer] = []
        for name, row in rows.items():
            port = PortRef(card, "in", name)
            wire = cards.wires.get(port)
            note = tr("now from {card}", card=cards.cards[wire.source.card].title) if wire is not None else row.help
            found.append(replace(self.offer(port, note), is_taken=wire is not None))
        name = new_input_name(document, card, start)
        if name is not None:
            port = PortRef(card, "in", name)
            label = tr("New output '{name}'", name=name) if card == OUTPUTS_ID else tr("New input '{name}'", name=name)
            found.append(Offer(port, label, "", self.refusal(port), port_type(document, start), is_new=True))
        ports = document.ports(card) if settings else None
        for port in ports.inputs.values() if ports else ():
            if port.is_setting and port.name not in rows and port.type not in NOT_WIRED:
                found.append(self.offer(PortRef(card, "in", port.name), tr("a setting")))
        return found

    def outputs(self, card: str) -> list[Offer]:
        document, start = self.document, self.start
        rows = self.cards.cards[card].outputs if card in self.cards.cards else ()
        found = [self.offer(row.ref(card), row.help) for row in rows]
        if card == INPUTS_ID:
            name = free_name(name_for(start) if start.card == OUTPUTS_ID else start.port, document.flow.inputs)
            kind = port_type(document, start)
            label = tr("New input '{name}'", name=name)
            found.append(Offer(PortRef(card, "out", name), label, tr_data(in_words(kind)), "", kind, is_new=True))
        return found

    def conditions(self, card: str) -> list[Offer]:
        """'Run only when': each branch of a switch, or yes and no."""
        document, start = self.document, self.start
        if document.node(card) is None or start.card == card:
            return []
        port = PortRef(card, "in", ACTIVATE)
        reason = self.refusal(port)
        return [
            Offer(port, tr("Run only when it is {value}", value=_shown(value)), "", reason, "bool", value=value)
            for value in branches(document, start)
        ]

    def offer(self, port: PortRef, note: str) -> Offer:
        kind = port_type(self.document, port)
        return Offer(port, port.port, note or (tr_data(in_words(kind)) if kind != "any" else ""), self.refusal(port), kind)

    def refusal(self, port: PortRef) -> str:
        return refusal(self.document, self.start, port, self.circle)


def branches(document: FlowDocument, source: PortRef) -> list[Any]:
    """The values an output is expected to take: the names of a switch's branches, else true and false."""
    node = document.node(source.card)
    spec = document.spec(source.card) if node else None
    if node is None or spec is None or spec.id != _SWITCH:
        return [True, False] if port_type(document, source) in ("bool", "any") else []
    cases, default = node.inputs.get("cases"), node.inputs.get("default")
    written = cases.value if isinstance(cases, Constant) else []
    names = list(written) if isinstance(written, dict) else []
    if isinstance(written, list):
        names = [case["name"] for case in written if isinstance(case, dict) and isinstance(case.get("name"), str)]
    return [*names, default.value if isinstance(default, Constant) else "otherwise"]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return str(value)


def entries(found: Iterable[Offer], prefix: Callable[[Offer], str] = lambda _offer: "") -> list[Entry]:
    """Offers as lines to choose from."""
    return [
        Entry(
            offer, f"{prefix(offer)}{offer.label}", offer.refusal or offer.note, enabled=not offer.refusal,
            port_type=offer.type, icon="plus" if offer.is_new else "",
        )
        for offer in found
    ]  # fmt: skip


def show_offers(stage: Stage, found: list[Offer], pos: QPointF, title: str, chosen: Callable[[Offer], object]) -> None:
    """Let a person choose among the ports of a card; the only one that fits is taken at once."""
    if len(found) == 1 and not found[0].refusal:
        chosen(found[0])
        return
    if not any(not offer.refusal for offer in found):
        stage.workspace.say(found[0].refusal if found else tr("{card} takes no wire.", card=title))
        return
    stage.choose(entries(found), pos, tr("Connect to {card}", card=title), chosen)
