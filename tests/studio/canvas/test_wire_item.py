"""Wires as they are drawn."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from flowloom.flows.document.layout import Note
from flowloom.flows.model.edits import SetNodeKey, SetNote, SetPlaces
from flowloom.studio.canvas.cards import ACTIVATE, PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.canvas.wire_item import ConditionItem, end_near, wire_pen
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme


def test_a_condition_is_dashed_and_says_when(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    document.apply(SetNodeKey("answer", ("activate",), {"when": "${prepare.output}", "is": "refund"}))
    item = scene.wire_items[PortRef("answer", "in", ACTIVATE)]
    assert isinstance(item, ConditionItem)
    assert item.pen().style() == Qt.PenStyle.CustomDashLine
    view.set_zoom(1)
    view.look_at(item.route.middle)
    label = item._label()
    seen = view.viewport().grab(view.mapFromScene(label).boundingRect()).toImage()
    colors = {seen.pixelColor(x, seen.height() // 2).name() for x in range(seen.width())}
    assert len(colors) > 8, "words stand there"
    assert item.boundingRect().contains(label)


def test_wires_are_lines_and_fill_nothing(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    """A note leaves its brush on the painter; a curve must not be filled with it."""
    start = scene.places()["answer"]
    document.apply(SetPlaces({"@outputs": replace(scene.places()["@outputs"], x=start.x + 500, y=start.y + 400)}))
    path = scene.path(PortRef("@outputs", "in", "answer"))
    middle, quarter = path.pointAtPercent(0.5), path.pointAtPercent(0.25)
    document.apply(SetNote(Note("n1", "Why", middle.x() + 60, middle.y() - 200)))
    view.set_zoom(1)
    view.look_at(middle)
    within = (path.pointAtPercent(0) + middle + quarter) / 3
    seen = view.viewport().grab().toImage().pixelColor(view.mapFromScene(within))
    assert seen in (theme.current().canvas, theme.current().dot)


def test_each_state_has_its_own_pen() -> None:
    dark = theme.load_theme("dark")
    pens = [wire_pen(dark, state) for state in ("idle", "lit", "flow", "marked", "bad", "open")]
    assert len({(pen.color().name(), pen.style(), pen.widthF()) for pen in pens}) == len(pens)
    assert wire_pen(dark, "flow", phase=2).dashOffset() != wire_pen(dark, "flow", phase=3).dashOffset()


def test_an_end_is_near_only_at_the_port(scene: CanvasScene) -> None:
    item = scene.wire_items[PortRef("answer", "in", "question")]
    end = scene.port_point(PortRef("answer", "in", "question"))
    assert end_near(item.route, end - QPointF(20, 0))
    assert not end_near(item.route, scene.port_point(PortRef("prepare", "out", "output")))
