"""A small picture of a flow, drawn from where its cards stand: for the gallery of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID, Layout
from flowloom.studio.theme import theme
from flowloom.studio.theme.theme import mixed

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Flow, Node

CARD: Final = (200.0, 110.0)
_KINDS: Final = {"llm": "llm", "custom_llm": "llm", "prompt": "prompt", "python": "python"}
_BY_TOOL: Final = {"loom.llm": "llm", "loom.prompt": "prompt", "loom.logic": "logic", "loom.flow": "logic", "loom.data": "io", "loom.text": "prompt"}


def flow_picture(flow: Flow, layout: Layout, width: int, height: int, ratio: float = 1.0) -> QPixmap:
    """Cards as blocks in their kind's colour and wires between them, ``width`` by ``height`` logical pixels, on no ground."""
    made = QPixmap(round(width * ratio), round(height * ratio))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    rects = card_rects(flow, layout)
    whole = QRectF()
    for rect in rects.values():
        whole = whole.united(rect)
    if whole.isEmpty():
        return made
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = min((width - 24) / whole.width(), (height - 24) / whole.height(), 0.34)
    painter.translate((width - whole.width() * scale) / 2, (height - whole.height() * scale) / 2)
    painter.scale(scale, scale)
    painter.translate(-whole.topLeft())
    shown = theme.current()
    painter.setPen(QPen(shown.borderstrong, 1.6 / scale))
    for source, target in _wires(flow):
        if source in rects and target in rects:
            start, end = _right(rects[source]), _left(rects[target])
            bend = max(abs(end.x() - start.x()) / 2, 30)
            path = QPainterPath(start)
            path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
            painter.drawPath(path)
    for name, rect in rects.items():
        color = shown.kind(_kind(flow, name))
        painter.setPen(QPen(shown.borderstrong, 1 / scale))
        painter.setBrush(shown.raised)
        painter.drawRoundedRect(rect, 5 / scale, 5 / scale)
        chip = QRectF(rect.left() + 20, rect.top() + 22, 34, 34)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(chip, 3 / scale, 3 / scale)
        painter.setBrush(mixed(shown.raised, shown.muted, 0.5))
        painter.drawRoundedRect(QRectF(chip.right() + 16, chip.top() + 11, 96, 12), 6, 6)
        painter.setBrush(mixed(shown.raised, shown.muted, 0.22))
        painter.drawRoundedRect(QRectF(chip.left(), chip.bottom() + 16, 130, 10), 5, 5)
    painter.end()
    return made


def card_rects(flow: Flow, layout: Layout) -> dict[str, QRectF]:
    """Where the cards stand; those without a place in a row, in the order of the flow."""
    names = [INPUTS_ID, *flow.nodes, OUTPUTS_ID]
    found: dict[str, QRectF] = {}
    for index, name in enumerate(names):
        place = layout.place(name)
        x, y = (place.x, place.y) if place is not None else (index * 280.0, (index % 2) * 60.0)
        found[name] = QRectF(x, y, *CARD)
    return found


def _wires(flow: Flow) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for node in flow.nodes.values():
        found |= {(INPUTS_ID if r.source == "input" else str(r.name), node.name) for r in node.references}
    for output in flow.outputs.values():
        reference = output.binding
        if (source := getattr(reference, "source", None)) is not None:
            found.add((INPUTS_ID if source == "input" else str(reference.name), OUTPUTS_ID))  # pyright: ignore[reportAttributeAccessIssue]
    return found


def _kind(flow: Flow, name: str) -> str:
    node: Node | None = flow.nodes.get(name)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if node is None:
        return "io"
    if node.source.tool:
        return next((kind for start, kind in _BY_TOOL.items() if node.source.tool.startswith(start)), "python")
    return _KINDS.get(node.type, "python")


def _left(rect: QRectF) -> QPointF:
    return QPointF(rect.left(), rect.center().y())


def _right(rect: QRectF) -> QPointF:
    return QPointF(rect.right(), rect.center().y())
