"""What a person does on the canvas: every event of the view comes here, and one gesture at a time has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent, QWheelEvent

from flowloom.flows.document.layout import Place
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import Edit, Group
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.canvas.cards import PortRef, Wire
from flowloom.studio.canvas.interactions.chooser import Chooser, choose
from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.canvas.interactions.hint import Hint
from flowloom.studio.canvas.interactions.interaction import Interaction
from flowloom.studio.canvas.interactions.keys import handle_key
from flowloom.studio.canvas.interactions.library_drop import LibraryDrop
from flowloom.studio.canvas.interactions.make_room import make_room
from flowloom.studio.canvas.interactions.presses import begin, choose_under, double_click, hover_cursor
from flowloom.studio.canvas.interactions.titles import Titles
from flowloom.studio.document.new_node import insert_new, make
from flowloom.studio.document.positions import set_places, shifted
from flowloom.studio.document.wiring import insert, title_of
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.view import CanvasView
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.workspace import Page, Workspace


_NEW_CARD: Final = QSizeF(216, 112)
"""About how large a new card is, before it can be measured."""
_EDGE: Final = 24
"""Pixels from the edge of the view within which a drag pulls the canvas along."""


class Gestures(QObject):
    """The view calls ``press move release double_click key key_release context_menu drag_enter drag_move drag_leave drop``, each with
    the point of the scene; they answer whether the event is dealt with. Gestures use the rest."""

    wire_chosen = Signal(object)
    """A Wire that was clicked, or None."""

    def __init__(self, workspace: Workspace, page: Page) -> None:
        super().__init__(page.view)
        self.workspace = workspace
        self.page = page
        self.active: Interaction | None = None
        self.chosen_wire: Wire | None = None
        self.chooser: Chooser | None = None
        self.space_held = False
        self._taken_back = False
        """Whether a gesture was taken back whose button is still down."""
        self.pointer: QPointF | None = None
        """Where the pointer is over the canvas, in the scene."""
        self.hint = Hint(page.view.viewport())
        self.titles = Titles(self)
        self._drop = LibraryDrop(self)
        page.view.gestures = self  # pyright: ignore[reportAttributeAccessIssue]
        page.view.installEventFilter(self)
        page.scene.selection_changed.connect(self._selected)
        page.document.changed.connect(self._changed)
        self._edge = QTimer(self)
        self._edge.setInterval(16)
        self._edge.timeout.connect(self._pull)
        self._last: QMouseEvent | None = None
        """The last move of a gesture under way, which goes on while the canvas slides below it."""

    @property
    def document(self) -> FlowDocument:
        return self.page.document

    @property
    def scene(self) -> CanvasScene:
        return self.page.scene

    @property
    def view(self) -> CanvasView:
        return self.page.view

    # Events of the view

    def press(self, event: QMouseEvent, pos: QPointF) -> bool:
        self.pointer = pos
        self.finish_typing()
        if self.active is not None:
            # Another button ends what the first began.
            self.stop()
            return True
        if event.button() == Qt.MouseButton.RightButton:
            choose_under(self, pos)
            return True
        self.active = begin(self, event, pos)
        if self.active is not None and self.active.cursor is not None:
            self.view.viewport().setCursor(self.active.cursor)
        return self.active is not None

    def move(self, event: QMouseEvent, pos: QPointF) -> bool:
        self.pointer = pos
        if self.active is None:
            self._hover(pos)
            return False
        self.active.move(event, pos)
        self._near_edge(event)
        return True

    def release(self, event: QMouseEvent, pos: QPointF) -> bool:
        active, self.active = self.active, None
        taken_back, self._taken_back = self._taken_back, False
        if active is None:
            return taken_back or event.button() == Qt.MouseButton.RightButton
        active.release(event, pos)
        self._hover(pos)
        return True

    def double_click(self, event: QMouseEvent, pos: QPointF) -> bool:
        self.stop()
        return event.button() == Qt.MouseButton.LeftButton and double_click(self, pos)

    def wheel(self, event: QWheelEvent) -> bool:
        """The view zooms or scrolls by itself, also while something is dragged."""
        self.finish_typing()
        return False

    def key(self, event: QKeyEvent) -> bool:
        return handle_key(self, event)

    def key_release(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.space_held:
            self.space_held = False
            if self.pointer is not None:
                self._hover(self.pointer)
            return True
        return False

    def context_menu(self, event: QContextMenuEvent, pos: QPointF) -> bool:
        from flowloom.studio.canvas.interactions.menus import show_menu

        self.stop()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = self.scene.current
            pos = self.rect_of(current).center() if current else self.view.visible_rect().center()
        show_menu(self, pos)
        return True

    def drag_enter(self, event: QDragMoveEvent, pos: QPointF) -> bool:
        return self._drop.enter(event, pos)

    def drag_move(self, event: QDragMoveEvent, pos: QPointF) -> bool:
        return self._drop.over(event, pos)

    def drag_leave(self) -> bool:
        return self._drop.leave()

    def drop(self, event: QDropEvent, pos: QPointF) -> bool:
        return self._drop.drop(event, pos)

    def focus_lost(self) -> bool:
        self.space_held = False
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Tab would leave the canvas before the view hears of the key.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            return not event.modifiers() and self.key(event)
        return False

    def _hover(self, pos: QPointF) -> None:
        cursor = Qt.CursorShape.OpenHandCursor if self.space_held else hover_cursor(self, pos)
        if cursor != self.view.viewport().cursor().shape():
            self.view.viewport().setCursor(cursor)

    def stop(self) -> bool:
        """Take back the gesture under way; False where there is none."""
        active, self.active = self.active, None
        if active is not None:
            active.cancel()
            self._taken_back = True
        return active is not None

    def _near_edge(self, event: QMouseEvent) -> None:
        """A drag that comes to the edge of the view pulls the canvas along."""
        pulls = self.active is not None and self.active.dragging and not _pull_of(event, self.view.viewport().rect()).isNull()
        self._last = event.clone() if pulls else None
        if pulls and not self._edge.isActive():
            self._edge.start()

    def _pull(self) -> None:
        if self.active is None or self._last is None:
            self._edge.stop()
            return
        way = _pull_of(self._last, self.view.viewport().rect())
        self.view.pan_by(way.x(), way.y())
        self.active.move(self._last, self.view.to_scene(self._last.position()))

    def _changed(self) -> None:
        """The flow changed: a gesture begun before it would speak of what may be gone."""
        self.stop()
        if self.chosen_wire is not None and self.scene.cards.wires.get(self.chosen_wire.key) != self.chosen_wire:
            self.choose_wire(None)

    def finish_typing(self) -> None:
        """Close what floats over the canvas, keeping what was typed."""
        self.titles.finish()
        if self.chooser is not None:
            self.chooser.dismiss()

    # What gestures use

    def apply(self, edit: Edit, *, merge: str = "") -> bool:
        return self.document.apply(edit, merge=merge)

    def apply_all(self, edits: Iterable[Edit | None], *, merge: str = "") -> bool:
        """Several edits as one step, named after the last."""
        found = tuple(edit for edit in edits if edit is not None)
        if len(found) < 2:
            return bool(found) and self.apply(found[0], merge=merge)
        return self.apply(Group(found[-1].title, found), merge=merge)

    def do(self, command: str) -> None:
        """Carry out a command by its id, where it may be; what it cannot do is said."""
        from flowloom.studio.commands.table import commands

        found = commands().get(command)
        if found is None or not found.enabled(self.workspace):
            return
        try:
            found.run(self.workspace)
        except FlowloomError as error:
            self.workspace.say(f"{tr_data(error.message)} {tr_data(error.hint or '')}".strip())

    def rect_of(self, id: str) -> QRectF:
        """Where a card, frame or note stands."""
        return self.scene.rect(id)

    def frame_ids(self) -> list[str]:
        return [frame.id for frame in self.document.layout.frames]

    def all_ids(self, *, frames: bool = True) -> list[str]:
        """Ids of all cards and notes, and of the frames."""
        found = [*self.scene.cards.cards, *(note.id for note in self.document.layout.notes)]
        return [*found, *self.frame_ids()] if frames else found

    def title(self, card: str) -> str:
        found = self.scene.cards.cards.get(card)
        return found.title if found else title_of(self.document, card)

    def show(self, ids: Sequence[str]) -> None:
        """Choose new things, put the keyboard on the first, and bring it into sight."""
        self.scene.select(ids)
        if ids:
            self.scene.set_current(ids[0])
            self.view.reveal(ids[0])
        self.view.setFocus()

    def choose_wire(self, wire: Wire | None) -> None:
        """Mark a wire that was clicked; Delete then cuts it."""
        if wire is not None:
            self.scene.select([])
        before, self.chosen_wire = self.chosen_wire, wire
        self.scene.mark_wire(wire.key if wire else None)
        if wire != before:
            self.wire_chosen.emit(wire)

    def _selected(self) -> None:
        if self.scene.selected and self.chosen_wire is not None:
            self.choose_wire(None)

    def choose(
        self, entries: Sequence[Entry], pos: QPointF | None, heading: str, chosen: Callable[[Any], object],
        *, done: Callable[[], None] | None = None, also: Callable[[Any], object] | None = None,
        current: Callable[[Any], None] | None = None, placeholder: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Let a person choose one of ``entries`` at a point of the scene, or beside the current card."""
        self.finish_typing()
        at = self.view.mapFromScene(pos) if pos is not None else self._beside_current()

        def over() -> None:
            self.chooser = None
            self.view.setFocus()
            if done is not None:
                done()

        found = choose(
            self.view, entries, heading, at, lambda value: void(chosen(value)), done=over,
            also=(lambda value: void(also(value))) if also else None, current=current, placeholder=placeholder, note=note,
        )  # fmt: skip
        self.chooser = found

    def _beside_current(self) -> QPoint:
        if self.scene.current is not None:
            corner = self.view.mapFromScene(self.rect_of(self.scene.current).topRight())
            if self.view.viewport().rect().contains(corner):
                return corner + QPoint(12, 0)
        return self.view.viewport().rect().center() - QPoint(180, 160)

    def current_output(self) -> PortRef | None:
        """The first output of the current card, which a new node may be wired to."""
        card = self.scene.cards.cards.get(self.scene.current or "")
        return card.outputs[0].ref(card.id) if card and card.outputs else None

    def add_node(self, spec_id: str) -> None:
        """Add a node of a type beside the current card, or near the middle: for the library."""
        found = self.document.registry.find(spec_id)
        if found is not None:
            self.add(found.spec, None)

    def add(
        self, spec: NodeSpec, pos: QPointF | None, *, wire: PortRef | None = None, into: Wire | None = None
    ) -> None:
        """Add a node at a point of the scene, wired to a port or put into a wire."""
        if not self.document.editable:
            self.workspace.say(tr("This kind of flow is one file; nodes cannot be added to it."))
            return
        place = self._place(pos, wire, into)
        moves: Edit | None = set_places(self.document, self.scene.places(), {}, spec.title)
        if into is not None:
            rects = {id: self.rect_of(id) for id in self.all_ids()}
            corner, ways = make_room(rects, into.source.card, into.target.card, QRectF(QPointF(place.x, place.y), _NEW_CARD))
            place = Place(float(round(corner.x())), float(round(corner.y())))
            moves = shifted(self.document, self.scene.places(), ways) or moves
        made = insert_new(self.document, spec, place, into) if into is not None else make(self.document, spec, place, wire=wire)
        if made is None:
            return
        if self.apply_all([moves, made.edit]):
            self.show([made.name])

    def insert(self, card: str, wire: Wire, goal: QRectF | None = None) -> bool:
        """Put a card into a wire, at ``goal`` or half-way along it, and make room for it."""
        here = self.rect_of(card)
        if goal is None:
            goal = QRectF(here)
            goal.moveCenter((self.scene.port_point(wire.source) + self.scene.port_point(wire.target)) / 2)
        rects = {id: self.rect_of(id) for id in self.all_ids() if id != card}
        corner, ways = make_room(rects, wire.source.card, wire.target.card, goal)
        own = corner - here.topLeft()
        moves = shifted(self.document, self.scene.places(), {**ways, card: (own.x(), own.y())})
        return self.apply_all([moves, insert(self.document, self.scene.cards, wire, card)])

    def _place(self, pos: QPointF | None, wire: PortRef | None, into: Wire | None) -> Place:
        if pos is None:
            pos = self.free_spot()
        elif into is not None:
            pos = pos - QPointF(100, 40)
        elif wire is not None:
            pos = pos - QPointF(0 if wire.side == "out" else 200, 44)
        return Place(float(round(pos.x() / 8) * 8), float(round(pos.y() / 8) * 8))

    def free_spot(self) -> QPointF:
        """Where a new card would stand: right of the current one where that is known, below what is there already."""
        if self.scene.current not in self.scene.cards.cards:
            return self.view.place_for_new()
        here = self.rect_of(self.scene.current or "")
        spot = QRectF(here.right() + 72, here.top(), 220, 140)
        taken = [self.rect_of(id) for id in self.scene.cards.cards]
        while (met := next((rect for rect in taken if rect.intersects(spot)), None)) is not None:
            spot.moveTop(met.bottom() + 24)
        return spot.topLeft()


def _pull_of(event: QMouseEvent, room: QRect) -> QPointF:
    """How far the canvas slides in a moment for a pointer at the view's edge, in pixels."""
    at = event.position()
    x = max(_EDGE - at.x(), 0) - max(at.x() - room.width() + _EDGE, 0)
    y = max(_EDGE - at.y(), 0) - max(at.y() - room.height() + _EDGE, 0)
    return QPointF(min(max(x, -_EDGE), _EDGE), min(max(y, -_EDGE), _EDGE)) * 0.5


def void(_value: object) -> None:
    """For callbacks whose answer nobody wants."""


