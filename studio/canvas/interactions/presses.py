"""Which gesture a press begins, by what lies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from flowloom.studio.canvas.cards import Side, Wire
from flowloom.studio.canvas.interactions.band import Band
from flowloom.studio.canvas.interactions.connect import Connect, Rewire
from flowloom.studio.canvas.interactions.cut import Cut
from flowloom.studio.canvas.interactions.interaction import Interaction, adds, toggles
from flowloom.studio.canvas.interactions.move import Move
from flowloom.studio.canvas.interactions.pan import Pan
from flowloom.studio.canvas.interactions.resize import Resize, cursor_for, edges_at
from flowloom.studio.canvas.quick_add import show_quick_add

if TYPE_CHECKING:
    from flowloom.studio.canvas.hits import Hit
    from flowloom.studio.canvas.interactions.stage import Stage


END: Final = 32.0
"""How far along a wire its ends can be taken hold of, in canvas units."""


class Click(Interaction):
    """A press that only chooses: a wire, or a port of a flow that cannot be edited."""

    def __init__(self, stage: Stage, start: QPointF, wire: Wire | None = None) -> None:
        super().__init__(stage, start)
        self._wire = wire

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        self.stage.choose_wire(self._wire)


def begin(stage: Stage, event: QMouseEvent, pos: QPointF) -> Interaction | None:
    """The gesture that a press at a point of the scene begins; None where it is none of ours."""
    button = event.button()
    if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and stage.space_held):
        return Pan(stage, pos, event)
    hit = stage.scene.hit(pos, stage.view.slack)
    if button != Qt.MouseButton.LeftButton:
        return None
    if hit.kind not in ("wire", "wire_end"):
        stage.choose_wire(None)
    if hit.kind == "fix":
        return _Does(stage, pos, hit.id, "run.fix")
    if stage.document.editable:
        return _editing(stage, event, pos, hit)
    return Move(stage, pos, hit.id, event) if hit.id and hit.kind != "frame" else Band(stage, pos)


def _editing(stage: Stage, event: QMouseEvent, pos: QPointF, hit: Hit) -> Interaction:
    if hit.kind == "port" and hit.port is not None:
        wire = stage.scene.cards.wires.get(hit.port) if hit.port.side == "in" else None
        return Rewire(stage, pos, wire) if wire else Connect(stage, pos, hit.port)
    if hit.kind in ("wire", "wire_end") and hit.wire is not None:
        end = end_near(stage, hit.wire, pos)
        return Rewire(stage, pos, hit.wire, moving=end) if end else Click(stage, pos, hit.wire)
    if hit.kind == "fold":
        return _Does(stage, pos, hit.id, "canvas.collapse")
    if hit.kind in ("frame_edge", "note_edge"):
        return Resize(stage, pos, hit.id)
    if hit.kind in ("card", "title", "note", "frame_title"):
        return Move(stage, pos, hit.id, event)
    if adds(event) and toggles(event):
        return Cut(stage, pos)
    return Band(stage, pos, hit.id if hit.kind == "frame" else None)


class _Does(Interaction):
    """A click on a button of a card: the card is chosen, and a command acts on it."""

    def __init__(self, stage: Stage, start: QPointF, card: str, command: str) -> None:
        super().__init__(stage, start)
        self._card = card
        self._command = command

    def click(self, event: QMouseEvent, pos: QPointF) -> None:
        self.stage.scene.select([self._card])
        self.stage.scene.set_current(self._card)
        self.stage.do(self._command)


def end_near(stage: Stage, wire: Wire, pos: QPointF) -> Side | None:
    """Which end of a wire a press at a point takes into the hand: ``out`` for where it comes from, ``in`` for where it leads."""
    first = QLineF(stage.scene.port_point(wire.source), pos).length()
    last = QLineF(stage.scene.port_point(wire.target), pos).length()
    if min(first, last) > END:
        return None
    return "out" if first < last else "in"


def choose_under(stage: Stage, pos: QPointF) -> None:
    """What the menu that follows speaks of is chosen first."""
    hit = stage.scene.hit(pos, stage.view.slack)
    if hit.kind in ("wire", "wire_end"):
        stage.choose_wire(hit.wire)
    elif hit.id:
        if hit.id not in stage.scene.selected:
            stage.scene.select([hit.id])
        stage.scene.set_current(hit.id)
    else:
        stage.choose_wire(None)
        stage.scene.select([])


def double_click(stage: Stage, pos: QPointF) -> bool:
    """Open what lies at a point: titles and notes to type in, cards in the inspector, wires and empty canvas to add a node."""
    hit = stage.scene.hit(pos, stage.view.slack)
    editable = stage.document.editable
    if hit.kind == "title":
        stage.titles.rename(hit.id)
    elif hit.kind in ("card", "port"):
        stage.scene.select([hit.id])
        stage.scene.set_current(hit.id)
        stage.do("node.open")
    elif hit.kind in ("note", "note_edge", "frame_title"):
        stage.titles.rename(hit.id)
    elif hit.kind in ("wire", "wire_end") and hit.wire is not None and editable:
        show_quick_add(stage, pos, into=hit.wire)
    elif hit.kind in ("empty", "frame", "frame_edge") and editable:
        show_quick_add(stage, pos)
    else:
        return False
    return True


def hover_cursor(stage: Stage, pos: QPointF) -> Qt.CursorShape:
    """The pointer's shape over a point, which tells what a press would do."""
    hit = stage.scene.hit(pos, stage.view.slack)
    if not stage.document.editable:
        return Qt.CursorShape.ArrowCursor
    if hit.kind == "port":
        return Qt.CursorShape.CrossCursor
    if hit.kind in ("wire", "wire_end") and hit.wire is not None:
        return Qt.CursorShape.OpenHandCursor if end_near(stage, hit.wire, pos) else Qt.CursorShape.PointingHandCursor
    if hit.kind in ("fold", "fix"):
        return Qt.CursorShape.PointingHandCursor
    if hit.kind in ("frame_edge", "note_edge"):
        return cursor_for(edges_at(stage.rect_of(hit.id), pos, 12 / stage.view.zoom))
    return Qt.CursorShape.ArrowCursor
