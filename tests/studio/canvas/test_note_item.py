"""Notes as they are drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from flowloom.flows.document.layout import Note
from flowloom.flows.model.edits import SetNote
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument


def _seen(view: CanvasView, scene: CanvasScene) -> QImage:
    view.set_zoom(1)
    view.look_at(scene.rect("n1").center())
    return view.viewport().grab(view.mapFromScene(scene.rect("n1")).boundingRect()).toImage()


def test_words_are_seen_and_those_without_room_are_not(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    document.apply(SetNote(Note("n1", "", -600, 400, 200, 120)))
    empty = _seen(view, scene)
    document.apply(SetNote(Note("n1", "Two small questions", -600, 400, 200, 120)))
    short = _seen(view, scene)
    assert short != empty
    document.apply(SetNote(Note("n1", "Two small questions are easier for a small model. " * 10, -600, 400, 200, 120)))
    long = _seen(view, scene)
    assert long.pixelColor(100, 116) == empty.pixelColor(100, 116), "nothing runs over the edge"


def test_a_note_has_its_colour(document: FlowDocument, scene: CanvasScene, view: CanvasView) -> None:
    document.apply(SetNote(Note("n1", "", -600, 400, 200, 120, "green")))
    color = _seen(view, scene).pixelColor(100, 60)
    assert color.green() > color.red()
    assert view.visible_rect().contains(QPointF(-500, 460))
