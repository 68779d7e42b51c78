"""Adding a node by typing: everything that can be added, what fits first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from flowloom.flows.document.layout import Place
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.canvas.cards import PortRef, Wire
from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.document.new_node import fitting, insert_new, offered, used_first
from flowloom.studio.document.wiring import name_for
from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme.icons import node_icon

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


def show_quick_add(
    stage: Stage,
    pos: QPointF | None = None,
    *,
    wire: PortRef | None = None,
    into: Wire | None = None,
    done: Callable[[], None] | None = None,
) -> None:
    """Offer node types at a point, or beside the current card. ``wire`` is a port the new node is wired to, ``into`` a wire it is put in."""
    document = stage.document
    specs = used_first(document, offered(document.registry))
    heading = tr("Add a node")
    current = None
    if wire is not None:
        specs = fitting(document, specs, wire)
        heading = _heading(wire, stage.title(wire.card))
    elif into is not None:
        heading = tr("Insert a node")
        specs = [spec for spec in specs if insert_new(document, spec, Place(), into) is not None]
    elif pos is None:
        current = stage.current_output()
    note = tr("Ctrl+Enter also connects it to {card}", card=stage.title(current.card)) if current else ""

    def add(spec: NodeSpec, *, connected: bool = False) -> None:
        stage.add(spec, pos, wire=current if connected else wire, into=into)

    stage.choose(
        [entry(spec) for spec in specs], pos, heading, add,
        done=done, note=note, placeholder=tr("Type to search nodes"), also=lambda spec: add(spec, connected=True),
    )  # fmt: skip


def _heading(port: PortRef, card: str) -> str:
    if port.side == "in":
        return tr("Nodes that give {port} of {card}", port=port.port, card=card)
    if name_for(port) == port.card:
        return tr("Nodes that take what {card} gives", card=card)
    return tr("Nodes that take {port} of {card}", port=port.port, card=card)


def entry(spec: NodeSpec) -> Entry:
    """A node type as a line to choose."""
    return Entry(
        spec, tr_data(spec.title), tr_data(spec.category), kind=spec.kind, icon=node_icon(spec.kind, spec.icon),
        help=tr_data(spec.help.split("\n\n")[0]), words=f"{spec.title} {spec.id} {spec.category} {spec.help}",
    )  # fmt: skip


