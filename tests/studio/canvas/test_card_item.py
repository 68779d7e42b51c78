"""One card as an item of the scene."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from flowloom.flows.model.edits import SetPlaces
from flowloom.studio.canvas.run_marks import NONE, Marks
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme


def test_what_it_paints_lies_within_its_bounds(scene: CanvasScene) -> None:
    item = scene.card_items["answer"]
    item.set_marks(Marks("running", text="so far"))
    assert item.boundingRect().contains(item.geometry.rect.adjusted(-14, -14, 14, 14))
    assert item.childItems() == []


def test_a_card_that_streams_keeps_its_size_within_a_line(scene: CanvasScene) -> None:
    item = scene.card_items["answer"]
    assert item.set_marks(Marks("running", text="one"))
    assert not item.set_marks(Marks("running", text="one two"))
    assert item.set_marks(Marks("running", text="one\ntwo"))
    assert item.set_marks(NONE)


def test_the_scene_can_be_drawn_without_a_view(scene: CanvasScene) -> None:
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(theme.current().canvas)
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), scene.content_rect())
    painter.end()
    card, content = scene.rect("answer"), scene.content_rect()
    scale = min(800 / content.width(), 400 / content.height())
    x = (card.center().x() - content.left()) * scale
    y = (card.bottom() - 3 - content.top()) * scale
    assert image.pixelColor(round(x), round(y)) == theme.current().surface


def test_folding_makes_it_its_header(document: FlowDocument, scene: CanvasScene) -> None:
    before = scene.rect("answer")
    document.apply(SetPlaces({"answer": replace(scene.places()["answer"], collapsed=True)}))
    assert scene.rect("answer").height() == 32 < before.height()
    assert scene.rect("answer").topLeft() == before.topLeft()
