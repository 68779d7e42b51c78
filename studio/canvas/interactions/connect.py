"""Drawing a wire from a port, and picking up an end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.flows.model.edits import Edit
from flowloom.studio.canvas.cards import PortRef, Side, Wire
from flowloom.studio.canvas.interactions.interaction import Interaction
from flowloom.studio.canvas.overlay import LooseState
from flowloom.studio.canvas.port_menu import Offer, offers, show_offers
from flowloom.studio.canvas.quick_add import show_quick_add
from flowloom.studio.document.wiring import connect, disconnect, lit, ordered, rewire
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage

REACH = 6
"""Pixels more than usual around a port within which a wire's loose end catches it."""


class Connect(Interaction):
    """From any port to one of the other side: on a port, on a card to choose among its ports, on empty canvas to add a node that fits."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, start: QPointF, port: PortRef) -> None:
        super().__init__(stage, start)
        self._port = port
        self._lit: dict[PortRef, str] = {}
        self._target: PortRef | None = None
        self._card: str | None = None
        self._known: dict[str, list[Offer]] = {}

    def begin(self, event: QMouseEvent) -> None:
        self._lit = lit(self.stage.document, self.stage.scene.cards, self._port)
        self.stage.scene.light(self._lit)

    def drag(self, event: QMouseEvent, pos: QPointF) -> None:
        stage = self.stage
        hit = stage.scene.hit(pos, stage.view.slack + REACH / stage.view.zoom)
        self._target, self._card, end, reason = None, None, pos, ""
        state: LooseState = "open"
        if hit.kind == "port" and hit.port is not None and hit.port in self._lit:
            self._target, reason = hit.port, self._lit[hit.port]
            end, state = stage.scene.port_point(hit.port), "bad" if reason else "ok"
        elif hit.kind in ("card", "title", "fold", "port") and hit.id in stage.scene.cards.cards:
            self._card = hit.id
            state, reason = self._card_state(hit.id)
        anchor = stage.scene.port_point(self._port)
        first, second = (anchor, end) if self._port.side == "out" else (end, anchor)
        stage.scene.show_wire(first, second, state)
        stage.hint.tell(reason, event.position().toPoint())

    def _card_state(self, card: str) -> tuple[LooseState, str]:
        if card == self._port.card:
            return "open", ""
        found = self._offers(card)
        if any(not offer.refusal for offer in found):
            return "ok", ""
        return "bad", found[0].refusal if found else tr("Takes nothing.")

    def _offers(self, card: str) -> list[Offer]:
        """What a card offers, worked out once while the wire is in the hand."""
        if card not in self._known:
            self._known[card] = offers(self.stage.document, self.stage.scene.cards, self._port, card)
        return self._known[card]

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        stage, target, card = self.stage, self._target, self._card
        if target is not None:
            self.cancel()
            reason = self._lit[target]
            if reason:
                stage.workspace.say(reason)
            else:
                stage.apply(self.joined(target))
        elif card is not None and card != self._port.card:
            self.cancel()
            self._offer(card, pos)
        elif card is None:
            self.on_empty(pos)
        else:
            self.cancel()

    def joined(self, target: PortRef, offer: Offer | None = None) -> Edit:
        """The edit that makes the wire to ``target``."""
        source, end = ordered(self._port, target)
        return connect(self.stage.document, source, end, when=offer.value if offer else True)

    def _offer(self, card: str, pos: QPointF) -> None:
        stage = self.stage
        found = self._offers(card)
        show_offers(stage, found, pos, stage.title(card), lambda offer: stage.apply(self.joined(offer.port, offer)))

    def on_empty(self, pos: QPointF) -> None:
        """Let go over empty canvas: the wire stays in sight while a node is chosen."""
        self.stage.scene.light(None)
        self.stage.hint.tell("")
        show_quick_add(self.stage, pos, wire=self._port, done=self.stage.scene.clear_overlays)

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        self.stage.scene.select([self._port.card])
        self.stage.scene.set_current(self._port.card)

    def cancel(self) -> None:
        self.stage.scene.clear_overlays()
        self.stage.hint.tell("")


class Rewire(Connect):
    """An end of a wire in the hand: on another port the wire moves, on empty canvas it is cut."""

    def __init__(self, stage: Stage, start: QPointF, wire: Wire, *, moving: Side = "in") -> None:
        super().__init__(stage, start, wire.source if moving == "in" else wire.target)
        self._wire = wire

    def begin(self, event: QMouseEvent) -> None:
        super().begin(event)
        held = self._wire.target if self._port.side == "out" else self._wire.source
        self._lit[held] = ""
        self.stage.scene.light(self._lit)
        self._fade(0.2)

    def _fade(self, opacity: float) -> None:
        """The wire itself stays as a trace of where it was."""
        item = self.stage.scene.wire_items.get(self._wire.key)
        if item is not None:
            item.setOpacity(opacity)

    def cancel(self) -> None:
        self._fade(1)
        super().cancel()

    def joined(self, target: PortRef, offer: Offer | None = None) -> Edit:
        source, end = ordered(self._port, target)
        return rewire(self.stage.document, self._wire.target, source, end)

    def drop(self, event: QMouseEvent, pos: QPointF) -> None:
        if self._target in (self._wire.target, self._wire.source):
            self.cancel()
            return
        super().drop(event, pos)

    def on_empty(self, pos: QPointF) -> None:
        self.cancel()
        self.stage.apply(disconnect(self.stage.document, self._wire.target))

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        self.stage.choose_wire(self._wire)


