"""The canvas of one flow: its cards, wires, frames and notes as items, kept in step with the document, and what is chosen among them.

It never edits: gestures and commands apply edits to the document, and the scene follows ``document.changed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsScene

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.studio.canvas import hits
from flowloom.studio.canvas.card_item import CardItem
from flowloom.studio.canvas.cards import PortRef, read_cards
from flowloom.studio.canvas.frame_item import FrameItem
from flowloom.studio.canvas.hits import Hit
from flowloom.studio.canvas.hover import Hover
from flowloom.studio.canvas.motion import Motion
from flowloom.studio.canvas.note_item import NoteItem
from flowloom.studio.canvas.overlay import LooseState, Overlay
from flowloom.studio.canvas.pictures import Pictures
from flowloom.studio.canvas.placing import Placing
from flowloom.studio.canvas.run_marks import marks_of
from flowloom.studio.canvas.run_show import RunShow
from flowloom.studio.canvas.wire_item import WireItem
from flowloom.studio.canvas.wire_layer import WireLayer
from flowloom.studio.theme import theme as themes

if TYPE_CHECKING:
    from flowloom.studio.document.delta import Delta
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import RunView

__all__ = ["CanvasScene", "Hit"]

SelectMode = Literal["set", "add", "toggle", "remove"]

FEW: Final = 12
"""More cards than this that are dragged or stream at once are many."""

_Shown = TypeVar("_Shown", FrameItem, NoteItem)
_Written = TypeVar("_Written", Frame, Note)


class CanvasScene(QGraphicsScene):
    """``selected`` holds the ids of chosen cards, frames and notes in the order they were chosen; ``current`` is where the keyboard is."""

    selection_changed = Signal()
    current_changed = Signal()
    cards_changed = Signal()
    """Cards, wires, frames or notes came, went, moved, or look different."""

    def __init__(self, document: FlowDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.pictures = Pictures()
        self.cards = read_cards(document)
        self.selected: dict[str, None] = {}
        self.current: str | None = None
        self.shows_focus = False
        """Whether the canvas has the keyboard, and the current card shows it."""
        self.still = False
        """Whether the system asks for less motion."""
        self.lit: dict[PortRef, str] | None = None
        self.lit_cards: frozenset[str] = frozenset()
        self.run: RunView | None = None
        self.revision = 0
        """Grows with everything that is seen from afar: places, wires, states, what is chosen."""
        self.card_items: dict[str, CardItem] = {}
        self.frame_items: dict[str, FrameItem] = {}
        self.note_items: dict[str, NoteItem] = {}
        self.overlay = Overlay(self)
        self._hover = Hover(self)
        self._placing = Placing()
        self.motion = Motion(self)
        self.layer = WireLayer(self)
        self.show = RunShow(self)
        self._fill()
        document.changed.connect(self._follow)
        themes.themes().changed.connect(self._redress)

    @property
    def wire_items(self) -> dict[PortRef, WireItem]:
        """The wires by the port they end in."""
        return self.layer.items

    @property
    def hurried(self) -> bool:
        """Whether much moves just now, by the zoom, a drag or a run: what is drawn may be a little rough."""
        return self.pictures.hurried or len(self.motion.live) > FEW or self.show.busy > FEW

    # Places

    def places(self) -> dict[str, Place]:
        """The place of every card: the layout's, else where it was put when the flow was opened. Nothing of it is written here."""
        return self._placing.places(self.document.layout, self.cards, self.sizes, self.edges)

    def sizes(self) -> dict[str, tuple[float, float]]:
        """Width and height of every card."""
        return {name: (item.geometry.width, item.geometry.height) for name, item in self.card_items.items()}

    def edges(self) -> list[tuple[str, str]]:
        """From card to card, one for each wire."""
        return [(wire.source.card, wire.target.card) for wire in self.cards.wires.values()]

    def rect(self, item_id: str) -> QRectF:
        """Where a card, frame or note is shown, while it is dragged too; an empty rectangle for an unknown id."""
        card = self.card_items.get(item_id)
        if card is not None:
            return card.card_rect
        item = self.frame_items.get(item_id) or self.note_items.get(item_id)
        return item.area if item is not None else QRectF()

    item_rect = rect

    def content_rect(self) -> QRectF:
        """Around all that is on the canvas; empty where nothing is."""
        found = QRectF()
        for item in self.card_items.values():
            found = found.united(item.card_rect)
        for other in (*self.frame_items.values(), *self.note_items.values()):
            found = found.united(other.area)
        return found

    def port_point(self, ref: PortRef) -> QPointF:
        """The middle of a port in the scene; (0, 0) for one of an unknown card."""
        item = self.card_items.get(ref.card)
        return item.port_point(ref) if item is not None else QPointF()

    # Finding

    def hit(self, scene_pos: QPointF, slack: float = 0) -> Hit:
        return hits.hit(self, scene_pos, slack)

    def cards_at(self, point: QPointF, reach: float) -> list[CardItem]:
        """Cards within ``reach`` of a point, the uppermost last."""
        x, y = point.x(), point.y()
        found = []
        for item in self.card_items.values():
            at, geometry = item.pos(), item.geometry
            if -reach <= x - at.x() <= geometry.width + reach and -reach <= y - at.y() <= geometry.height + reach:
                found.append(item)
        return sorted(found, key=lambda item: item.zValue())

    def cards_in(self, rect: QRectF) -> list[str]:
        """Ids of cards and notes that a rectangle touches, and of frames that it holds."""
        found = [name for name, item in self.card_items.items() if item.card_rect.intersects(rect)]
        found += [name for name, item in self.note_items.items() if item.area.intersects(rect)]
        return found + [name for name, item in self.frame_items.items() if rect.contains(item.area)]

    def wire_at(self, scene_pos: QPointF, slack: float, skip: Iterable[str] = ()) -> PortRef | None:
        """The key of the wire within ``slack`` of a point, but for those of the cards to ``skip``."""
        return self.layer.nearest(scene_pos, slack, skip)

    def path(self, key: PortRef) -> QPainterPath:
        """The way of a wire; an empty path for an unknown one."""
        item = self.wire_items.get(key)
        return item.path() if item is not None else QPainterPath()

    # Choosing

    def select(self, ids: Iterable[str], mode: SelectMode = "set") -> None:
        """Choose cards, frames and notes by id; unknown ids are passed over."""
        known = [name for name in ids if self.item(name) is not None]
        before = tuple(self.selected)
        if mode == "set":
            self.selected = dict.fromkeys(known)
        elif mode == "add":
            self.selected.update(dict.fromkeys(known))
        else:
            for name in known:
                if name in self.selected:
                    del self.selected[name]
                elif mode == "toggle":
                    self.selected[name] = None
        self._chosen(before)

    def _chosen(self, before: Sequence[str]) -> None:
        if tuple(self.selected) == tuple(before):
            return
        self.revision += 1
        changed = set(before) ^ self.selected.keys()
        for name in changed:
            if (item := self.item(name)) is not None:
                item.set_chosen(name in self.selected)
        self.layer.restate(key for name in changed for key in self.layer.at(name))
        self.selection_changed.emit()

    def set_current(self, item_id: str | None) -> None:
        """Move the keyboard to a card, frame or note, or to none."""
        if item_id is not None and self.item(item_id) is None:
            item_id = None
        if item_id == self.current:
            return
        self.revision += 1
        for name in (self.current, item_id):
            if (item := self.item(name or "")) is not None:
                if not isinstance(item, CardItem):
                    item.current = name == item_id
                item.update()
        self.current = item_id
        self.current_changed.emit()

    def set_focus_shown(self, shown: bool) -> None:
        self.shows_focus = shown
        if (item := self.item(self.current or "")) is not None:
            item.update()

    def set_hovered(self, found: Hit | None) -> None:
        """Light what the pointer is over: a card, or a wire and both its cards."""
        self._hover.set(found)

    def item(self, item_id: str) -> CardItem | FrameItem | NoteItem | None:
        return self.card_items.get(item_id) or self.frame_items.get(item_id) or self.note_items.get(item_id)

    # What gestures show

    def show_wire(self, start: QPointF, end: QPointF, state: LooseState) -> None:
        self.overlay.show_wire(start, end, state)

    def clear_wire(self) -> None:
        self.overlay.clear_wire()

    def show_band(self, rect: QRectF | None) -> None:
        self.overlay.show_band(rect)

    def show_guides(self, lines: Sequence[QLineF]) -> None:
        self.overlay.show_guides(lines)

    def light(self, lit: Mapping[PortRef, str] | None) -> None:
        """Light ports that fit (an empty text) and dim the others (a text that says why not); None shows all as usual."""
        if lit is None and self.lit is None:
            return
        self.lit = dict(lit) if lit is not None else None
        self.lit_cards = frozenset(ref.card for ref, why in lit.items() if not why) if lit is not None else frozenset()
        self.update()

    def mark_wire(self, key: PortRef | None) -> None:
        """Show that a card would go in on a wire."""
        before, self.layer.marked = self.layer.marked, key
        self.layer.restate([other for other in (before, key) if other is not None])

    def clear_overlays(self) -> None:
        self.overlay.clear()
        self.light(None)
        self.mark_wire(None)

    def move_live(self, ids: Iterable[str], dx: float, dy: float) -> None:
        """Show items moved from where the document has them, for as long as they are dragged."""
        self.motion.move_live(ids, dx, dy)

    def settle_live(self) -> None:
        """The drag is over: show everything where the document has it."""
        self.motion.settle()

    def animate_to(self, places: Mapping[str, Place], *, milliseconds: int = 180) -> None:
        """Let cards glide to other places. The document has them already, or gets them at once; 0 takes no time."""
        self.motion.animate_to(places, milliseconds)

    # Runs

    def set_run(self, run: RunView | None) -> None:
        """Show a run, or none."""
        self.run = run
        self.update_run(self.card_items)

    def update_run(self, names: Iterable[str]) -> None:
        """Some nodes of the run look different now."""
        self.show.update(names)

    # Keeping in step

    def _fill(self) -> None:
        for card in self.cards.cards.values():
            item = CardItem(card, self)
            self.card_items[card.id] = item
        for name, place in self.places().items():
            item = self.card_items[name]
            item.at = QPointF(place.x, place.y)
            item.setPos(item.at)
        for item in self.card_items.values():
            self.addItem(item)
        self.layer.placed(self.card_items)
        self.layer.match(self.cards.wires)
        self._match_canvas_items()

    def _follow(self, delta: Delta) -> None:
        if delta.everything:
            self.cards = read_cards(self.document)
            self._placing.forget()
        else:
            anew = delta.added | delta.changed | delta.places
            same_flow = not (delta.added or delta.removed or delta.changed)
            self.cards = read_cards(self.document, self.cards, anew | self._dependants(delta), same_flow=same_flow)
        self.revision += 1
        moved, areas = self._match_cards()
        self.layer.match(self.cards.wires)
        self.layer.restate(key for name in moved for key in self.layer.at(name))
        if areas:
            self.layer.reroute(moved, areas)
        if delta.canvas_items or delta.everything:
            self._match_canvas_items()
        self._forget_gone()
        self.cards_changed.emit()

    def _dependants(self, delta: Delta) -> set[str]:
        """Cards that are seen differently because of others: pins change with their file."""
        from flowloom.flows.document.pins import PINS_FILE

        return set(self.document.flow.nodes) if PINS_FILE in delta.files else set()

    def _match_cards(self) -> tuple[set[str], list[QRectF]]:
        """Make the items those of the cards. Returns the ids of cards that moved or changed their size, and the areas that concerns."""
        cards = self.cards.cards
        areas: list[QRectF] = []
        gone_names = [name for name in self.card_items if name not in cards]
        for name in gone_names:
            gone = self.card_items.pop(name)
            areas.append(gone.card_rect)
            self.removeItem(gone)
            self.pictures.drop({name})
            self.show.forget(name)
        moved: set[str] = set()
        for name, card in cards.items():
            item = self.card_items.get(name)
            if item is None:
                item = self.card_items[name] = CardItem(card, self)
                item.set_marks(marks_of(self.run.nodes.get(name) if self.run is not None else None))
                self.addItem(item)
                moved.add(name)
            elif item.card is not card and item.card != card:
                areas.append(item.card_rect)
                item.set_card(card)
                moved.add(name)
        for name, place in self.places().items():
            item = self.card_items[name]
            if item.at.x() != place.x or item.at.y() != place.y:
                areas.append(item.card_rect)
                item.at = QPointF(place.x, place.y)
                moved.add(name)
                if name not in self.motion.live and not self.motion.gliding:
                    item.setPos(item.at)
        self.layer.placed({*moved, *gone_names})
        return moved, [*areas, *(self.card_items[name].card_rect for name in moved)]

    def _match_canvas_items(self) -> None:
        layout = self.document.layout
        self._match_some(self.frame_items, {frame.id: frame for frame in layout.frames}, FrameItem, FrameItem.set_frame)
        self._match_some(self.note_items, {note.id: note for note in layout.notes}, NoteItem, NoteItem.set_note)

    def _match_some(
        self, items: dict[str, _Shown], wanted: Mapping[str, _Written], make: Callable[[_Written], _Shown], change: Callable[[_Shown, _Written], None]
    ) -> None:
        for name in [name for name in items if name not in wanted]:
            self.removeItem(items.pop(name))
        for name, written in wanted.items():
            if name in items:
                change(items[name], written)
            else:
                items[name] = make(written)
                self.addItem(items[name])

    def _forget_gone(self) -> None:
        before = tuple(self.selected)
        self.selected = {name: None for name in self.selected if self.item(name) is not None}
        self._chosen(before)
        if self.current is not None and self.item(self.current) is None:
            self.current = None
            self.current_changed.emit()

    def wires_at(self, card: str) -> Sequence[PortRef]:
        """Keys of the wires that begin or end at a card."""
        return self.layer.at(card)

    def remeasure(self) -> None:
        """The application's font is another one: cards take the sizes that their words want now."""
        for item in self.card_items.values():
            item.set_card(item.card)
        self.pictures.drop()
        self.layer.reroute(self.card_items)

    def _redress(self) -> None:
        theme = themes.current()
        self.pictures.drop()
        self.layer.dress(theme)
        self.update()
