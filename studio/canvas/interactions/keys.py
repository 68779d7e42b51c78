"""Keys on the canvas: the commands that count there, walking, moving and resizing with the arrows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QKeyCombination, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from flowloom.studio.canvas.interactions.move import with_contents
from flowloom.studio.canvas.interactions.resize import stretched
from flowloom.studio.canvas.interactions.snap import GRID
from flowloom.studio.canvas.interactions.walk import WAYS, Way, next_card, step
from flowloom.studio.document.positions import moved, resized
from flowloom.studio.document.wiring import disconnect

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage

_PAN: Final = 64
"""Pixels the canvas moves at a key."""
_CONTROL, _SHIFT, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@lru_cache(maxsize=1)
def _bindings() -> dict[int, str]:
    """Command ids by the keys that mean them on the canvas."""
    from flowloom.studio.commands.table import commands

    return {
        QKeySequence(keys)[0].toCombined(): command.id  # pyright: ignore[reportIndexIssue]
        for command in commands().values()
        if command.where == "canvas"
        for keys in command.keys
    }


def handle_key(stage: Stage, event: QKeyEvent) -> bool:
    """Deal with a key; False where it means nothing here."""
    key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if stage.active is not None:
        return stage.stop() if key == Qt.Key.Key_Escape else stage.active.key(event)
    if key == Qt.Key.Key_Escape:
        return _escape(stage)
    if key in WAYS:
        return _arrow(stage, WAYS[key], held)
    if key == Qt.Key.Key_Space:
        return _space(stage, event)
    if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not held and stage.chosen_wire is not None:
        wire = stage.chosen_wire
        stage.choose_wire(None)
        return stage.apply(disconnect(stage.document, wire.target))
    command = _bindings().get(QKeyCombination(held, Qt.Key(key)).toCombined())
    if command is None:
        return False
    stage.do(command)
    return True


def _escape(stage: Stage) -> bool:
    if stage.chosen_wire is not None:
        stage.choose_wire(None)
        return True
    if stage.scene.selected:
        stage.scene.select([])
        return True
    return False


def _space(stage: Stage, event: QKeyEvent) -> bool:
    if event.modifiers() & _CONTROL and stage.scene.current is not None:
        stage.scene.select([stage.scene.current], "toggle")
    elif not event.isAutoRepeat() and not event.modifiers():
        stage.space_held = True
        stage.view.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
    return True


def _arrow(stage: Stage, way: Way, held: Qt.KeyboardModifier) -> bool:
    if held in (_CONTROL, _CONTROL | _SHIFT):
        return _nudge(stage, way, 1 if held & _SHIFT else GRID)
    if held == _ALT:
        return _resize(stage, way)
    if held & ~_SHIFT:
        return False
    current = stage.scene.current
    rects = {id: stage.rect_of(id) for id in stage.all_ids()}
    found = next_card(stage.scene.cards, rects, current, way)
    if found is None:
        return True
    stage.choose_wire(None)
    if held & _SHIFT and current is not None:
        stage.scene.select([current, found], "add")
    else:
        stage.scene.select([found])
    stage.scene.set_current(found)
    stage.view.reveal(found)
    return True


def _nudge(stage: Stage, way: Way, length: float) -> bool:
    """Move what is chosen, where steps of the same things are one step of undo; the canvas itself where nothing is."""
    ids = with_contents(stage, tuple(stage.scene.selected))
    by = step(way, length)
    if not ids:
        stage.view.pan_by(*(-part * _PAN / length for part in (by.x(), by.y())))
        return True
    if not stage.document.editable:
        return False
    edit = moved(stage.document, stage.scene.places(), ids, by.x(), by.y())
    return stage.apply_all([edit], merge=f"move:{','.join(ids)}")


def _resize(stage: Stage, way: Way) -> bool:
    """Move the right or lower edge of the chosen frame or note."""
    chosen = tuple(stage.scene.selected)
    if len(chosen) != 1 or chosen[0] in stage.scene.cards.cards:
        return False
    rect: QRectF = stretched(stage.rect_of(chosen[0]), (1, 1), step(way, GRID))
    edit = resized(stage.document, chosen[0], rect.x(), rect.y(), rect.width(), rect.height())
    return stage.apply_all([edit], merge=f"resize:{chosen[0]}")
