"""The canvas from afar."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from flowloom.flows.document.layout import Frame
from flowloom.flows.engine.events import NodeFailed
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import SetFrame
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.run_view import RunView
from flowloom.studio.theme import theme


def test_a_drag_is_seen_from_afar(view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(0.2)
    view.look_at(scene.rect("answer").center())
    at = view.mapFromScene(scene.rect("answer").center())
    assert view.viewport().grab().toImage().pixelColor(at) != theme.current().canvas
    scene.move_live(["answer"], 0, 1200)
    seen = view.viewport().grab().toImage()
    moved = view.mapFromScene(scene.rect("answer").center())
    assert seen.pixelColor(at) in (theme.current().canvas, theme.current().dot)
    assert seen.pixelColor(moved) != theme.current().canvas
    scene.settle_live()


def test_a_failed_node_is_outlined_in_red(view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(0.2)
    view.look_at(scene.rect("answer").center())
    run = RunView("r")
    run.feed([NodeFailed("answer", UsageError("It broke."), 0.1)])
    scene.set_run(run)
    edge = view.mapFromScene(QPointF(scene.rect("answer").left(), scene.rect("answer").center().y()))
    seen = view.viewport().grab().toImage()
    assert theme.current().bad in [seen.pixelColor(edge.x() + step, edge.y()) for step in range(-3, 4)]


def test_a_frames_title_stays_readable(document: FlowDocument, view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(0.2)
    view.look_at(QPointF(-2000, -2000))
    plain = view.viewport().grab().toImage()
    document.apply(SetFrame(Frame("f1", "Search the handbook", -2400, -2000, 1200, 600)))
    titled = view.viewport().grab().toImage()
    corner = view.mapFromScene(QPointF(-2400, -2000))
    row = [titled.pixelColor(corner.x() + x, corner.y() - 11) != plain.pixelColor(corner.x() + x, corner.y() - 11) for x in range(140)]
    assert sum(row) > 15
