"""Frames as they are drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from flowloom.flows.document.layout import Frame
from flowloom.flows.model.edits import SetFrame
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme


def test_a_frame_is_tinted_in_its_colour_behind_cards(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    card = scene.rect("answer")
    document.apply(SetFrame(Frame("f1", "Search", card.x() - 60, card.y() - 60, 400, 400, "green")))
    view.set_zoom(1)
    view.look_at(card.center())
    image = view.viewport().grab().toImage()
    inside = image.pixelColor(view.mapFromScene(card.bottomLeft() + QPointF(-30, 40)))
    assert inside.green() > inside.red()
    assert inside != theme.current().canvas
    assert image.pixelColor(view.mapFromScene(card.bottomLeft() + QPointF(card.width() / 2, -4))) == theme.current().surface


def test_a_chosen_frame_has_an_accent_border(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    document.apply(SetFrame(Frame("f1", "Search", -600, 400, 400, 300)))
    view.set_zoom(1)
    view.look_at(QPointF(-400, 550))
    edge = view.mapFromScene(QPointF(-599.5, 600))
    before = view.viewport().grab().toImage().pixelColor(edge)
    scene.select(["f1"])
    after = view.viewport().grab().toImage().pixelColor(edge)
    assert after.blue() > before.blue()
