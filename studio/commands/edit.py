"""Commands of the Edit menu."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import DeleteCanvasItem, DeleteNodes, Edit, Group
from flowloom.studio.canvas.interactions.stage import Stage
from flowloom.studio.commands.command import Command, can_edit, has_document, has_selection
from flowloom.studio.document.clipboard import copied
from flowloom.studio.document.pasting import Pasted, duplicate, paste
from flowloom.studio.document.wiring import delete_and_heal, disconnect, title_of
from flowloom.studio.language import tr, tr_data
from flowloom.studio.workspace import Workspace


def gestures(workspace: Workspace) -> Stage | None:
    """The gestures of the page that is shown."""
    return workspace.page.view.gestures if workspace.page else None


def _undo(workspace: Workspace) -> None:
    if workspace.document is not None:
        workspace.document.undo_stack.undo()


def _redo(workspace: Workspace) -> None:
    if workspace.document is not None:
        workspace.document.undo_stack.redo()


def _can_undo(workspace: Workspace) -> bool:
    return workspace.document is not None and workspace.document.undo_stack.canUndo()


def _can_redo(workspace: Workspace) -> bool:
    return workspace.document is not None and workspace.document.undo_stack.canRedo()


def _copy(workspace: Workspace) -> bool:
    """Whether something was copied."""
    page = workspace.page
    if page is None:
        return False
    text = copied(page.document, page.scene.selected, page.scene.places())
    if text:
        QGuiApplication.clipboard().setText(text)
    else:
        workspace.say(tr("Inputs and outputs of the flow cannot be copied; choose nodes."))
    return bool(text)


def _cut(workspace: Workspace) -> None:
    page = workspace.page
    if page is not None and _copy(workspace):
        _take_out(workspace, tr("Cut"))


def _paste(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is None:
        return
    pointer = stage.pointer
    inside = pointer is not None and stage.view.visible_rect().contains(pointer) and stage.view.viewport().underMouse()
    paste_text(workspace, QGuiApplication.clipboard().text(), pointer if inside else None)


def paste_text(workspace: Workspace, text: str, pos: QPointF | None = None) -> None:
    """Add the nodes a text holds at a point of the scene, else beside where they were copied; say so where it holds none."""
    page = workspace.page
    if page is None:
        return
    try:
        at = (round(pos.x() / 8) * 8.0, round(pos.y() / 8) * 8.0) if pos is not None else None
        found = paste(page.document, page.scene.places(), text, at)
    except FlowloomError as error:
        workspace.say(f"{tr_data(error.message)} {tr_data(error.hint or '')}".strip())
        return
    _shown(workspace, found)


def _duplicate(workspace: Workspace) -> None:
    page = workspace.page
    if page is not None:
        found = duplicate(page.document, page.scene.places(), tuple(page.scene.selected))
        if found is not None:
            _shown(workspace, found)


def _shown(workspace: Workspace, pasted: Pasted) -> None:
    stage = gestures(workspace)
    if stage is not None and stage.apply(pasted.edit):
        stage.show(pasted.ids)


def _delete(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is not None and stage.chosen_wire is not None:
        wire = stage.chosen_wire
        stage.choose_wire(None)
        stage.apply(disconnect(stage.document, wire.target))
        return
    _take_out(workspace, tr("Delete"))


def _take_out(workspace: Workspace, title: str) -> None:
    """Delete what is chosen; the cards of the flow's inputs and outputs stay."""
    page = workspace.page
    if page is None:
        return
    nodes, items = _parts(workspace)
    if not nodes and not items:
        workspace.say(tr("The cards of the flow's inputs and outputs always stay."))
        return
    edits: list[Edit] = [DeleteCanvasItem(id) for id in items]
    if nodes:
        edits.append(DeleteNodes(nodes))
    names = ", ".join(title_of(page.document, name) for name in nodes)
    _then_near(workspace, nodes, Group(f"{title} {names}".strip(), tuple(edits)))


def _delete_heal(workspace: Workspace) -> None:
    page = workspace.page
    if page is None:
        return
    nodes, items = _parts(workspace)
    if nodes:
        healed = delete_and_heal(page.document, page.scene.cards, nodes)
        _then_near(workspace, nodes, Group(healed.title, (healed, *(DeleteCanvasItem(id) for id in items))))
    else:
        _take_out(workspace, tr("Delete"))


def _parts(workspace: Workspace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is chosen as (nodes, frames and notes)."""
    page = workspace.page
    chosen = workspace.selection
    if page is None:
        return (), ()
    nodes = tuple(id for id in chosen if page.document.node(id) is not None)
    items = tuple(id for id in chosen if id not in nodes and id not in (INPUTS_ID, OUTPUTS_ID))
    return nodes, items


def _then_near(workspace: Workspace, nodes: tuple[str, ...], edit: Edit) -> None:
    """Carry out an edit that takes nodes away, and leave the keyboard on a card beside them."""
    stage = gestures(workspace)
    if stage is None:
        return
    wires = [wire for name in nodes for wire in stage.scene.cards.wires_of(name)]
    beside = [card for wire in wires for card in (wire.source.card, wire.target.card) if card not in nodes]
    if stage.apply(edit):
        stage.scene.set_current(beside[0] if beside else None)


def _select_all(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is not None:
        stage.scene.select(stage.all_ids())


def _can_delete(workspace: Workspace) -> bool:
    stage = gestures(workspace)
    return can_edit(workspace) and (has_selection(workspace) or (stage is not None and stage.chosen_wire is not None))


def _can_change_selection(workspace: Workspace) -> bool:
    return can_edit(workspace) and has_selection(workspace)


def _copied(workspace: Workspace) -> None:
    _copy(workspace)


COMMANDS: tuple[Command, ...] = (
    Command("edit.undo", "Undo", _undo, ("Ctrl+Z",), "Edit", _can_undo, "arrow-u-up-left", section="undo"),
    Command("edit.redo", "Redo", _redo, ("Ctrl+Y", "Ctrl+Shift+Z"), "Edit", _can_redo, "arrow-u-up-right", section="undo"),
    Command("edit.cut", "Cut", _cut, ("Ctrl+X",), "Edit", _can_change_selection, "scissors", "canvas", "clipboard"),
    Command("edit.copy", "Copy", _copied, ("Ctrl+C",), "Edit", has_selection, "copy", "canvas", "clipboard"),
    Command("edit.paste", "Paste", _paste, ("Ctrl+V",), "Edit", can_edit, "clipboard-text", "canvas", "clipboard"),
    Command("edit.duplicate", "Duplicate", _duplicate, ("Ctrl+D",), "Edit", _can_change_selection, "copy-simple", "canvas", "clipboard"),
    Command("edit.delete", "Delete", _delete, ("Del", "Backspace"), "Edit", _can_delete, "trash", "canvas", "delete"),
    Command(
        "edit.delete_heal", "Delete and close the gap", _delete_heal, ("Ctrl+Del", "Shift+Del"), "Edit", _can_change_selection,
        "link", "canvas", "delete",
    ),
    Command("edit.select_all", "Select all", _select_all, ("Ctrl+A",), "Edit", has_document, "selection-all", "canvas", "select"),
)  # fmt: skip
