"""Commands of the Canvas menu: adding, arranging, framing, zooming."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.model.edits import SetFrame, SetNote
from flowloom.studio.canvas.arrange import arrange
from flowloom.studio.canvas.placing import roomy
from flowloom.studio.canvas.quick_add import show_quick_add
from flowloom.studio.commands.command import Command, can_edit, has_document
from flowloom.studio.commands.edit import gestures
from flowloom.studio.document.positions import free_id, set_places
from flowloom.studio.language import tr
from flowloom.studio.workspace import Workspace

_FRAME_PAD = 24.0
_FRAME_HEAD = 40.0


def _quick_add(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is not None:
        show_quick_add(stage)


def _arrange(workspace: Workspace) -> None:
    """Lay all cards out anew, as one step; they glide there."""
    page = workspace.page
    if page is None:
        return
    scene = page.scene
    before = scene.places()
    spots = arrange(roomy(scene.cards, scene.sizes()), scene.edges())
    places = {name: replace(before[name], x=float(round(x)), y=float(round(y))) for name, (x, y) in spots.items()}
    if all((before[name].x, before[name].y) == (place.x, place.y) for name, place in places.items()):
        workspace.say(tr("Everything is arranged already."))
        return
    scene.animate_to(places)
    page.document.apply(set_places(page.document, before, places, tr("Arrange")))
    page.view.show_all()


def _frame(workspace: Workspace) -> None:
    """A frame around what is chosen, else an empty one near the middle; its title is typed at once."""
    stage = gestures(workspace)
    if stage is None:
        return
    rect = QRectF()
    for id in stage.scene.selected:
        rect = rect.united(stage.rect_of(id))
    if rect.isEmpty():
        spot = _spot(workspace)
        rect = QRectF(spot.x(), spot.y(), 400, 260)
    else:
        rect = rect.adjusted(-_FRAME_PAD, -_FRAME_HEAD, _FRAME_PAD, _FRAME_PAD)
    id = free_id(stage.document, "frame")
    frame = Frame(id, "", round(rect.x()), round(rect.y()), round(rect.width()), round(rect.height()))
    edits = [set_places(stage.document, stage.scene.places(), {}, tr("Add frame")), SetFrame(frame, tr("Add frame"))]
    if stage.apply_all(edits):
        stage.show([id])
        stage.titles.rename(id)


def _note(workspace: Workspace) -> None:
    """A note near the pointer or the middle; its text is typed at once."""
    stage = gestures(workspace)
    if stage is None:
        return
    spot = _spot(workspace)
    id = free_id(stage.document, "note")
    note = Note(id, "", round(spot.x()), round(spot.y()), color="yellow")
    edits = [set_places(stage.document, stage.scene.places(), {}, tr("Add note")), SetNote(note, tr("Add note"))]
    if stage.apply_all(edits):
        stage.show([id])
        stage.titles.rename(id)


def _spot(workspace: Workspace) -> QPointF:
    """Where the pointer is over the canvas, else a free place."""
    stage = gestures(workspace)
    assert stage is not None
    pointer = stage.pointer
    if pointer is not None and stage.view.visible_rect().contains(pointer) and stage.view.viewport().underMouse():
        return QPointF(round(pointer.x() / 8) * 8, round(pointer.y() / 8) * 8)
    spot = QRectF(stage.view.place_for_new(), QSizeF(200, 120))
    taken = [stage.rect_of(id) for id in stage.all_ids(frames=False)]
    while (met := next((rect for rect in taken if rect.intersects(spot)), None)) is not None:
        spot.moveTop(met.bottom() + 24)
    return spot.topLeft()


def _switch(workspace: Workspace, field: str, title: str) -> None:
    """Turn a property of the chosen cards on, or off where all of them have it."""
    page = workspace.page
    if page is None:
        return
    chosen = _cards(workspace)
    on = not all(getattr(place, field) for place in chosen.values())
    changed = {name: replace(place, **{field: on}) for name, place in chosen.items()}
    page.document.apply(set_places(page.document, page.scene.places(), changed, title))


def _cards(workspace: Workspace) -> dict[str, Place]:
    page = workspace.page
    places = page.scene.places() if page else {}
    return {id: places[id] for id in workspace.selection if id in places}


def _all_have(workspace: Workspace, field: str) -> bool:
    chosen = _cards(workspace)
    return bool(chosen) and all(getattr(place, field) for place in chosen.values())


def _collapse(workspace: Workspace) -> None:
    _switch(workspace, "collapsed", tr("Collapse"))


def _hide_wires(workspace: Workspace) -> None:
    _switch(workspace, "hide_wires", tr("Hide wires"))


def _zoom(workspace: Workspace, factor: float | None) -> None:
    if workspace.page is not None:
        view = workspace.page.view
        view.set_zoom(1.0 if factor is None else view.zoom * factor)


def _fit(workspace: Workspace) -> None:
    if workspace.page is not None:
        workspace.page.view.fit()


def _has_cards(workspace: Workspace) -> bool:
    return can_edit(workspace) and bool(_cards(workspace))


COMMANDS: tuple[Command, ...] = (
    Command("canvas.quick_add", "Add a node…", _quick_add, ("Tab",), "Canvas", can_edit, "plus", "canvas", "add"),
    Command("canvas.note", "Add a note", _note, ("N",), "Canvas", can_edit, "note", "canvas", "add"),
    Command("canvas.frame", "Frame the selection", _frame, ("G",), "Canvas", can_edit, "frame-corners", "canvas", "add"),
    Command("canvas.arrange", "Arrange", _arrange, ("L",), "Canvas", can_edit, "tree-structure", "canvas", "look"),
    Command(
        "canvas.collapse", "Collapse", _collapse, ("M",), "Canvas", _has_cards, "arrows-in-line-vertical", "canvas", "look",
        lambda workspace: _all_have(workspace, "collapsed"),
    ),
    Command(
        "canvas.hide_wires", "Hide wires", _hide_wires, ("H",), "Canvas", _has_cards, "eye-slash", "canvas", "look",
        lambda workspace: _all_have(workspace, "hide_wires"),
    ),
    Command("canvas.fit", "Show everything", _fit, ("F", "Home"), "Canvas", has_document, "corners-out", "canvas", "zoom"),
    Command("canvas.zoom_in", "Zoom in", lambda workspace: _zoom(workspace, 1.25), ("Ctrl++", "Ctrl+=", "+"), "Canvas", has_document, "magnifying-glass-plus", "canvas", "zoom"),
    Command("canvas.zoom_out", "Zoom out", lambda workspace: _zoom(workspace, 0.8), ("Ctrl+-", "-"), "Canvas", has_document, "magnifying-glass-minus", "canvas", "zoom"),
    Command("canvas.zoom_100", "Actual size", lambda workspace: _zoom(workspace, None), ("Ctrl+0", "1"), "Canvas", has_document, "number-circle-one", "canvas", "zoom"),
)  # fmt: skip
