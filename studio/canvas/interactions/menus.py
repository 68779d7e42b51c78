"""The menu of what lies under the pointer: of cards, wires, ports, frames, notes, and of the empty canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import DeleteFlowInput, DeleteFlowOutput
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.quick_add import show_quick_add
from flowloom.studio.document.wiring import disconnect
from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage

_NODE: Final = (
    "node.open", "node.rename", "node.rename_name", "", "run.to_here", "run.only", "run.pin", "run.edit_pin", "run.unpin", "",
    "node.connect", "node.disconnect", "node.insert", "node.add_input", "",
    "edit.cut", "edit.copy", "edit.duplicate", "edit.delete", "edit.delete_heal", "",
    "node.color", "canvas.collapse", "canvas.hide_wires", "canvas.frame", "node.bypass",
)  # fmt: skip
_ENDS: Final = ("node.open", "node.rename", "node.add_input", "node.connect", "", "node.color", "canvas.collapse", "canvas.hide_wires")
_ITEM: Final = ("node.rename", "node.color", "", "edit.cut", "edit.copy", "edit.duplicate", "edit.delete")
_EMPTY: Final = (
    "canvas.quick_add", "canvas.note", "canvas.frame", "edit.paste", "edit.select_all", "", "canvas.arrange", "canvas.fit", "canvas.zoom_100"
)  # fmt: skip


def show_menu(stage: Stage, pos: QPointF) -> None:
    """Open the menu for a point of the scene."""
    menu = menu_for(stage, pos)
    menu.popup(stage.view.viewport().mapToGlobal(stage.view.mapFromScene(pos)))


def menu_for(stage: Stage, pos: QPointF) -> QMenu:
    hit = stage.scene.hit(pos, stage.view.slack)
    menu = QMenu(stage.view)
    menu.aboutToHide.connect(menu.deleteLater)
    if hit.kind in ("wire", "wire_end") and hit.wire is not None:
        wire = hit.wire
        if stage.document.editable:
            if not wire.is_condition:
                _own(menu, tr("Insert a node…"), "plus", lambda: show_quick_add(stage, pos, into=wire))
            _own(menu, tr("Disconnect"), "link-break", lambda: stage.apply(disconnect(stage.document, wire.target)))
    elif hit.kind == "port" and hit.port is not None and hit.port.card in (INPUTS_ID, OUTPUTS_ID):
        _port(stage, menu, hit.port)
        _commands(stage, menu, _ENDS)
    elif hit.id in (INPUTS_ID, OUTPUTS_ID):
        _commands(stage, menu, _ENDS)
    elif hit.id in stage.scene.cards.cards:
        _commands(stage, menu, _NODE)
    elif hit.id and hit.kind != "frame":
        _commands(stage, menu, _ITEM)
    else:
        _commands(stage, menu, _EMPTY, pos)
    return menu


def _port(stage: Stage, menu: QMenu, port: PortRef) -> None:
    delete = DeleteFlowInput(port.port) if port.card == INPUTS_ID else DeleteFlowOutput(port.port)
    _own(menu, tr("Rename '{name}'", name=port.port), "pencil-simple", lambda: stage.titles.rename_port(port))
    _own(menu, tr("Delete '{name}'", name=port.port), "trash", lambda: stage.apply(delete))
    menu.addSeparator()


def _own(menu: QMenu, title: str, symbol: str, run) -> None:
    action = menu.addAction(icon(symbol, themes.current().muted), title)
    action.triggered.connect(lambda _checked=False: run())


def _commands(stage: Stage, menu: QMenu, ids: tuple[str, ...], pos: QPointF | None = None) -> None:
    """Commands by id; those that do not exist or cannot be done here are left out, '' parts them."""
    from flowloom.studio.commands.table import commands

    known = commands()
    for id in ids:
        command = known.get(id)
        if not id:
            if menu.actions() and not menu.actions()[-1].isSeparator():
                menu.addSeparator()
            continue
        if command is None or not command.enabled(stage.workspace):
            continue
        action = menu.addAction(tr_data(command.title))
        if command.icon:
            action.setIcon(icon(command.icon, themes.current().muted))
        if command.keys:
            # Shown only: the canvas and the window listen to the keys themselves.
            key = QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            action.setText(f"{action.text()}\t{key}")
        if command.checked is not None:
            action.setCheckable(True)
            action.setChecked(command.checked(stage.workspace))
        action.triggered.connect(lambda _checked=False, id=id: _do(stage, id, pos))
    if menu.actions() and menu.actions()[-1].isSeparator():
        menu.removeAction(menu.actions()[-1])


def _do(stage: Stage, id: str, pos: QPointF | None) -> None:
    """Carry out a command; what it makes appears where the menu was opened."""
    if pos is not None and id == "canvas.quick_add":
        show_quick_add(stage, pos)
        return
    stage.pointer = pos if pos is not None else stage.pointer
    stage.do(id)
