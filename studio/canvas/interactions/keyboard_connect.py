"""Connecting, disconnecting and inserting without the mouse: choose a port, then the other end, by the arrows or by typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from flowloom.flows.model.types import in_words
from flowloom.studio.canvas.cards import ACTIVATE, PortRef, Wire
from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.canvas.port_menu import NOT_WIRED, Offer, entries, offers
from flowloom.studio.canvas.quick_add import show_quick_add
from flowloom.studio.document.wiring import connect, disconnect, in_circle, insertion, lit, ordered, port_type
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage

_NEW_NODE: Final = object()


def connect_from(stage: Stage, card_id: str) -> None:
    """Choose a port of a card, then where its wire leads."""
    card = stage.scene.cards.cards.get(card_id)
    if card is None:
        return
    ports = [row.ref(card_id) for row in (*card.outputs, *card.inputs)]
    settings = _settings(stage, card_id, {port.port for port in ports if port.side == "in"})
    if not ports and not settings:
        stage.workspace.say(tr("{card} has no ports to connect.", card=card.title))
    elif len(ports) + len(settings) == 1:
        connect_port(stage, [*ports, *settings][0])
    else:
        found = [_port_entry(stage, port) for port in ports]
        found += [Entry(port, port.port, tr("a setting"), port_type=port_type(stage.document, port)) for port in settings]
        stage.choose(found, None, tr("Connect which port of {card}?", card=card.title), lambda port: connect_port(stage, port))


def _settings(stage: Stage, card: str, shown: set[str]) -> list[PortRef]:
    """Settings of a card that could take a wire instead of what is written for them."""
    ports = stage.document.ports(card)
    return [
        PortRef(card, "in", port.name)
        for port in (ports.inputs.values() if ports else ())
        if port.is_setting and port.name not in shown and port.type not in NOT_WIRED
    ]


def _port_entry(stage: Stage, port: PortRef) -> Entry:
    kind = port_type(stage.document, port)
    wire = stage.scene.cards.wires.get(port)
    if port.side == "out":
        note = tr("gives {what}", what=tr_data(in_words(kind))) if kind != "any" else tr("gives a value")
    elif wire is not None:
        note = tr("takes {port} of {card}", port=wire.source.port, card=stage.title(wire.source.card))
    else:
        note = tr("takes {what}", what=tr_data(in_words(kind))) if kind != "any" else tr("takes a value")
    return Entry(port, port.port, note, port_type=kind)


def connect_port(stage: Stage, port: PortRef) -> None:
    """Choose the other end of a wire from a port: what fits first, a new node last."""
    document, scene = stage.document, stage.scene
    found: list[Offer] = []
    circle = in_circle(document, port)
    for card in scene.cards.cards:
        if card != port.card:
            found += offers(document, scene.cards, port, card, circle, settings=False)
    late = [bool(offer.refusal) or offer.port.port == ACTIVATE for offer in found]
    fit = sorted((offer for offer, later in zip(found, late, strict=True) if not later), key=lambda offer: offer.is_taken)
    rest = sorted((offer for offer, later in zip(found, late, strict=True) if later), key=lambda offer: bool(offer.refusal))
    new = Entry(_NEW_NODE, tr("New node…"), tr("choose what to add"), icon="plus", words="add create new")

    def prefix(offer: Offer) -> str:
        return f"{stage.title(offer.port.card)} › "

    scene.light(lit(document, scene.cards, port))

    def chosen(value: object) -> None:
        if value is _NEW_NODE:
            show_quick_add(stage, None, wire=port)
        elif isinstance(value, Offer):
            source, target = ordered(port, value.port)
            stage.apply(connect(document, source, target, when=value.value))

    def shown(value: object) -> None:
        """Draw the wire that Enter would make."""
        if not isinstance(value, Offer):
            scene.clear_wire()
            return
        here = scene.port_point(port)
        there = scene.port_point(value.port)
        if value.is_new or there.isNull():
            rect = stage.rect_of(value.port.card)
            there = rect.center()
            there.setX(rect.left() if value.port.side == "in" else rect.right())
        first, second = (here, there) if port.side == "out" else (there, here)
        scene.show_wire(first, second, "bad" if value.refusal else "ok")

    heading = tr("Connect {port} of {card} to", port=port.port, card=stage.title(port.card))
    listed = [*entries(fit, prefix), new, *entries(rest, prefix)]
    stage.choose(listed, None, heading, chosen, done=scene.clear_overlays, current=shown)


def _wire_entry(stage: Stage, wire: Wire) -> Entry:
    source = f"{stage.title(wire.source.card)} › {wire.source.port}"
    target = f"{stage.title(wire.target.card)} › {wire.target.port}"
    if wire.is_condition:
        target = f"{stage.title(wire.target.card)} · {wire.words}"
    return Entry(wire, f"{source} → {target}", icon="flow-arrow")


def _choose_wire(stage: Stage, wires: list[Wire], heading: str, chosen: Callable[[Wire], object]) -> None:
    scene = stage.scene

    def shown(wire: object) -> None:
        scene.mark_wire(wire.key if isinstance(wire, Wire) else None)

    stage.choose([_wire_entry(stage, wire) for wire in wires], None, heading, chosen, done=scene.clear_overlays, current=shown)


def disconnect_from(stage: Stage, card: str) -> None:
    """Choose one of a card's wires to cut."""
    wires = list(stage.scene.cards.wires_of(card))
    if not wires:
        stage.workspace.say(tr("{card} has no wires.", card=stage.title(card)))
        return
    heading = tr("Cut which wire of {card}?", card=stage.title(card))
    _choose_wire(stage, wires, heading, lambda wire: stage.apply(disconnect(stage.document, wire.target)))


def look_at_wire(stage: Stage, card: str | None) -> None:
    """Choose a wire as a click on it does: its values are shown, and Delete cuts it."""
    cards = stage.scene.cards
    wires = list(cards.wires_of(card) if card is not None and card in cards.cards else cards.wires.values())
    if not wires:
        stage.workspace.say(tr("There is no wire yet."))
        return
    _choose_wire(stage, wires, tr("Look at which wire?"), stage.choose_wire)


def insert_on_wire(stage: Stage, card: str | None) -> None:
    """Choose a wire, and put the card in it where it has no wires yet, else a new node."""
    document, cards = stage.document, stage.scene.cards
    wires = [wire for wire in cards.wires.values() if not wire.is_condition]
    if card is not None and card in cards.cards and cards.cards[card].is_node and not cards.wires_of(card):
        fit = [wire for wire in wires if insertion(document, cards, wire, card)]
        if fit:
            heading = tr("Put {card} into which wire?", card=stage.title(card))
            _choose_wire(stage, fit, heading, lambda wire: stage.insert(card, wire))
            return
    if card is not None and (own := [wire for wire in wires if card in (wire.source.card, wire.target.card)]):
        wires = own + [wire for wire in wires if wire not in own]
    if not wires:
        stage.workspace.say(tr("There is no wire yet."))
        return

    def chosen(wire: Wire) -> None:
        middle = (stage.scene.port_point(wire.source) + stage.scene.port_point(wire.target)) / 2
        show_quick_add(stage, middle, into=wire)

    _choose_wire(stage, wires, tr("Insert a node into which wire?"), chosen)
