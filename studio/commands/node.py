"""Commands of the Node menu: what is done to the one current card."""

from __future__ import annotations

from dataclasses import replace

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import ClearNodeKey, Edit, SetFrame, SetNodeKey, SetNote
from flowloom.flows.model.flow import Constant
from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.canvas.interactions.keyboard_connect import (
    connect_from,
    disconnect_from,
    insert_on_wire,
    look_at_wire,
)
from flowloom.studio.canvas.interactions.stage import Stage
from flowloom.studio.commands.command import Command, can_edit, has_document
from flowloom.studio.commands.edit import gestures
from flowloom.studio.document.positions import frame, note, set_places
from flowloom.studio.language import tr
from flowloom.studio.theme import theme as themes
from flowloom.studio.workspace import Workspace


def _target(workspace: Workspace) -> tuple[Stage, str] | None:
    """The gestures, and the card, frame or note that is meant: the only chosen one, else where the keyboard is."""
    stage = gestures(workspace)
    if stage is None:
        return None
    id = workspace.current_node or stage.scene.current
    return (stage, id) if id else None


def _card(workspace: Workspace) -> tuple[Stage, str] | None:
    found = _target(workspace)
    return found if found and found[1] in found[0].scene.cards.cards else None


def _node(workspace: Workspace) -> tuple[Stage, str] | None:
    found = _card(workspace)
    return found if found and found[0].document.node(found[1]) is not None else None


def _has_any(workspace: Workspace) -> bool:
    return _target(workspace) is not None


def _editable_card(workspace: Workspace) -> bool:
    return can_edit(workspace) and _card(workspace) is not None


def _editable_node(workspace: Workspace) -> bool:
    return can_edit(workspace) and _node(workspace) is not None


def _can_rename(workspace: Workspace) -> bool:
    return can_edit(workspace) and _target(workspace) is not None


def _open(workspace: Workspace) -> None:
    """Show a card in the inspector and put the keyboard there; a frame or note is typed in."""
    found = _target(workspace)
    if found is None:
        return
    stage, card = found
    if card not in stage.scene.cards.cards:
        stage.titles.rename(card)
        return
    stage.scene.select([card])
    workspace.place_asked.emit(card, "", 0)
    panel = getattr(workspace.window, "panel", None)
    inspector = panel("inspector") if panel is not None else None
    if inspector is not None:
        inspector.focus_first()


def _rename(workspace: Workspace) -> None:
    if found := _target(workspace):
        found[0].titles.rename(found[1])


def _rename_name(workspace: Workspace) -> None:
    if found := _node(workspace):
        found[0].titles.rename_name(found[1])


def _connect(workspace: Workspace) -> None:
    if found := _card(workspace):
        connect_from(*found)


def _disconnect(workspace: Workspace) -> None:
    if found := _card(workspace):
        disconnect_from(*found)


def _look_at_wire(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is not None:
        found = _target(workspace)
        look_at_wire(stage, found[1] if found else None)


def _insert(workspace: Workspace) -> None:
    stage = gestures(workspace)
    if stage is not None:
        found = _target(workspace)
        insert_on_wire(stage, found[1] if found else None)


def _takes_inputs(workspace: Workspace) -> bool:
    found = _card(workspace)
    if found is None or not can_edit(workspace):
        return False
    stage, card = found
    ports = stage.document.ports(card)
    return card in (INPUTS_ID, OUTPUTS_ID) or (ports is not None and ports.accepts_named)


def _add_input(workspace: Workspace) -> None:
    if found := _card(workspace):
        found[0].titles.add_port(found[1])


def _color(workspace: Workspace) -> None:
    """Choose a colour for the chosen cards, frames and notes."""
    stage = gestures(workspace)
    if stage is None:
        return
    ids = workspace.selection or ((stage.scene.current,) if stage.scene.current else ())
    names = {
        "": tr("No colour"), "gray": tr("Grey"), "blue": tr("Blue"), "green": tr("Green"), "yellow": tr("Yellow"),
        "orange": tr("Orange"), "red": tr("Red"), "purple": tr("Purple"), "pink": tr("Pink"),
    }  # fmt: skip
    shown = [name for name in names if not name or name in themes.current().palette]
    entries = [Entry(name, names[name], color=name, icon="" if name else "prohibit") for name in shown]
    stage.choose(entries, None, tr("Colour"), lambda name: _colored(stage, ids, name))


def _colored(stage: Stage, ids: tuple[str, ...], color: str) -> None:
    effective = stage.scene.places()
    edits: list[Edit] = []
    places = {id: replace(effective[id], color=color) for id in ids if id in effective}
    for id in ids:
        if (box := frame(stage.document, id)) is not None:
            edits.append(SetFrame(replace(box, color=color), tr("Colour")))
        elif (text := note(stage.document, id)) is not None:
            edits.append(SetNote(replace(text, color=color), tr("Colour")))
    if places:
        edits.append(set_places(stage.document, effective, places, tr("Colour")))
    stage.apply_all(edits)


def _has_target(workspace: Workspace) -> bool:
    return can_edit(workspace) and (bool(workspace.selection) or _target(workspace) is not None)


def _is_bypassed(workspace: Workspace) -> bool:
    found = _node(workspace)
    node = found[0].document.node(found[1]) if found else None
    return node is not None and node.activate is not None and isinstance(node.activate.when, Constant)


def _can_bypass(workspace: Workspace) -> bool:
    """A node with a condition of its own keeps it."""
    found = _node(workspace)
    node = found[0].document.node(found[1]) if found else None
    return can_edit(workspace) and node is not None and (node.activate is None or _is_bypassed(workspace))


def _bypass(workspace: Workspace) -> None:
    found = _node(workspace)
    if found is None:
        return
    stage, name = found
    if _is_bypassed(workspace):
        stage.apply(ClearNodeKey(name, ("activate",)))
    else:
        stage.apply(SetNodeKey(name, ("activate",), {"when": True, "is": False}))


COMMANDS: tuple[Command, ...] = (
    Command("node.open", "Open", _open, ("Enter", "Return"), "Node", _has_any, "sliders-horizontal", "canvas", "open"),
    Command("node.rename", "Rename…", _rename, ("F2",), "Node", _can_rename, "pencil-simple", "canvas", "open"),
    Command("node.rename_name", "Rename in references…", _rename_name, ("Shift+F2",), "Node", _editable_node, "", "canvas", "open"),
    Command("node.connect", "Connect…", _connect, ("C",), "Node", _editable_card, "flow-arrow", "canvas", "wires"),
    Command("node.disconnect", "Disconnect…", _disconnect, ("Shift+C",), "Node", _editable_card, "link-break", "canvas", "wires"),
    Command("node.look_at_wire", "Look at a wire…", _look_at_wire, ("W",), "Node", has_document, "eye", "canvas", "wires"),
    Command("node.insert", "Insert on a wire…", _insert, ("I",), "Node", can_edit, "git-commit", "canvas", "wires"),
    Command("node.add_input", "Add an input…", _add_input, ("P",), "Node", _takes_inputs, "plus-circle", "canvas", "wires"),
    Command("node.color", "Colour…", _color, ("O",), "Node", _has_target, "palette", "canvas", "look"),
    Command("node.bypass", "Bypass", _bypass, ("B",), "Node", _can_bypass, "skip-forward", "canvas", "look", _is_bypassed),
)  # fmt: skip

