"""Choosing what an input or a condition takes, from the list of what there is upstream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from flowloom.flows.model.edits import Edit, SetInput, SetNodeKey
from flowloom.flows.model.flow import Constant, Reference
from flowloom.studio.canvas.cards import ACTIVATE, PortRef
from flowloom.studio.document import wiring
from flowloom.studio.inspector.rows import Row
from flowloom.studio.inspector.source_picker import Act, SourcePicker
from flowloom.studio.inspector.sources import Offer, last_value, offers, reference_title, run_of
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Node
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.workspace import Page


def pick_input(page: Page, node: Node, row: Row, below: QWidget, take: Callable[[Edit | None], None]) -> SourcePicker:
    """Show what the input can take below a widget. ``take`` gets the edit that was chosen, None where the input shall be empty."""
    document, variant = page.document, variant_of(node)
    target = PortRef(node.name, "in", row.name)

    def picked(choice: Offer | Act) -> None:
        if isinstance(choice, Offer):
            take(SetInput(node.name, row.name, choice.reference, variant))
        elif choice.id == "clear":
            take(None)
        else:
            take(SetInput(node.name, row.name, Constant(_first_literal(page, row, choice)), variant))

    found = offers(document, target, run_of(page), page.scene.cards)
    return _open(row.title, below, found, _acts(row), picked)


def pick_condition(page: Page, node: Node, below: QWidget, take: Callable[[Edit | None], None]) -> SourcePicker:
    """Show what the condition of a node can look at."""

    def picked(choice: Offer | Act) -> None:
        if isinstance(choice, Offer):
            value = node.activate.value if node.activate is not None else True
            take(SetNodeKey(node.name, ("activate",), {"when": choice.reference, "is": value}, variant_of(node)))

    found = offers(page.document, PortRef(node.name, "in", ACTIVATE), run_of(page), page.scene.cards)
    return _open(tr("the condition"), below, found, [], picked)


def namesake(document: FlowDocument, node: str, name: str) -> Offer | None:
    """The value upstream that bears an input's name and fits it."""
    target = PortRef(node, "in", name)
    sources = [PortRef("@inputs", "out", name)] if name in document.flow.inputs else []
    for other in document.flow.nodes:
        ports = document.ports(other)
        if other != node and ports is not None:
            sources += [PortRef(other, "out", port) for port in ports.outputs if port == name or other == name]
    for source in sources[:4]:
        if not wiring.refusal(document, source, target):
            reference = wiring.reference(document, source)
            return Offer(source, reference, reference_title(document, reference), wiring.port_type(document, source))
    return None


def variant_of(node: Node) -> str | None:
    """The variant that edits of a node act on; None where it has none."""
    return str(node.variant) if node.variant is not None else None


def _acts(row: Row) -> list[Act]:
    """What can be done with an input besides wiring it."""
    acts = []
    wired = isinstance(row.binding, Reference)
    if wired:
        acts.append(Act("literal", tr("Write a value instead"), "pencil-simple"))
    if row.binding is not None and not row.port.required:
        acts.append(Act("clear", tr("Leave it empty"), "eraser"))
    if row.port.type == "any" and not wired and row.widget in ("lines", "text"):
        acts.append(Act("json", tr("Write it as JSON"), "brackets-curly"))
    if row.port.type == "any" and not wired and row.widget == "json":
        acts.append(Act("text", tr("Write it as text"), "text-t"))
    return acts


def _first_literal(page: Page, row: Row, act: Act) -> object:
    """What stands in an input that was wired until now: what the wire brought last, where that is short."""
    if act.id == "json":
        return {}
    value = last_value(page.document, run_of(page), row.binding) if isinstance(row.binding, Reference) else None
    return value if isinstance(value, str | int | float | bool) else ""


def _open(title: str, below: QWidget, found: list[Offer], acts: list[Act], picked: Callable[[Offer | Act], None]) -> SourcePicker:
    picker = SourcePicker(below.window(), title, found, acts)
    picker.picked.connect(picked)
    picker.open_below(below)
    return picker
