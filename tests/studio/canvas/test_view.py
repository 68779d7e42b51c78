"""Zooming, panning and finding things, by real events."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, SetPlaces
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import LEAST_ZOOM, MOST_ZOOM, READABLE, CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme

NONE, CONTROL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _wheel(view: CanvasView, at: QPointF, turn: int, held: Qt.KeyboardModifier = NONE, pixels: QPoint | None = None) -> None:
    event = QWheelEvent(
        at, view.viewport().mapToGlobal(at), pixels or QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def _color(view: CanvasView, point: QPointF) -> QColor:
    return view.viewport().grab().toImage().pixelColor(view.mapFromScene(point))


def test_a_flow_opens_whole_and_no_larger_than_it_is(view: CanvasView, scene: CanvasScene) -> None:
    assert view.visible_rect().contains(scene.content_rect())
    assert view.zoom <= 1


def test_it_is_fitted_again_until_a_person_looks_elsewhere(view: CanvasView, scene: CanvasScene, application: QApplication) -> None:
    view.resize(1600, 900)
    application.processEvents()
    assert view.zoom == 1
    view.set_zoom(0.8)
    middle = view.visible_rect().center()
    view.resize(1400, 700)
    application.processEvents()
    assert view.zoom == 0.8
    assert (view.visible_rect().center() - middle).manhattanLength() < 3, "the middle stays the middle"


def test_a_large_flow_opens_where_it_begins_large_enough_to_read(chain: Callable[[int], FlowDocument], application: QApplication) -> None:
    scene = CanvasScene(chain(60))
    view = CanvasView(scene)
    view.resize(1000, 700)
    view.show()
    application.processEvents()
    assert view.zoom == READABLE
    assert view.visible_rect().contains(scene.rect("@inputs"))
    view.hide()


def test_the_wheel_zooms_to_the_pointer(view: CanvasView) -> None:
    at = QPointF(300, 200)
    there = view.to_scene(at)
    _wheel(view, at, 120)
    _wheel(view, at, 120)
    assert view.zoom > 1
    assert (view.to_scene(at) - there).manhattanLength() < 1.5
    for _ in range(40):
        _wheel(view, at, -120)
    assert view.zoom == LEAST_ZOOM
    for _ in range(60):
        _wheel(view, at, 120)
    assert view.zoom == MOST_ZOOM


def test_two_fingers_pan_and_with_control_zoom(view: CanvasView) -> None:
    corner, zoom = view.visible_rect().topLeft(), view.zoom
    _wheel(view, QPointF(300, 200), 0, pixels=QPoint(-30, -50))
    assert view.zoom == zoom
    assert view.visible_rect().topLeft() == corner + QPointF(30, 50) / zoom
    _wheel(view, QPointF(300, 200), 120, CONTROL, QPoint(0, 15))
    assert view.zoom > zoom
    before = view.visible_rect()
    _wheel(view, QPointF(300, 200), 120, SHIFT)
    assert view.visible_rect().top() == before.top()
    assert view.visible_rect().left() < before.left()


def test_zooming_in_and_out_comes_back_to_one(view: CanvasView) -> None:
    for _ in range(3):
        QTest.mouseClick(view.zoom_box.nearer, Qt.MouseButton.LeftButton)
    for _ in range(3):
        QTest.mouseClick(view.zoom_box.out, Qt.MouseButton.LeftButton)
    QTest.mouseClick(view.zoom_box.percent, Qt.MouseButton.LeftButton)
    assert view.zoom == 1
    assert view.zoom_box.percent.text() == "100 %"


def test_reveal_scrolls_no_further_than_it_takes(view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(1)
    view.look_at(scene.rect("answer").center())
    before = view.visible_rect()
    view.reveal("answer")
    assert view.visible_rect() == before
    view.look_at(QPointF(9000, 9000))
    view.reveal("answer")
    assert view.visible_rect().contains(scene.rect("answer"))
    view.set_zoom(0.2)
    view.center_on("answer")
    assert view.zoom >= 0.6
    assert (view.visible_rect().center() - scene.rect("answer").center()).manhattanLength() < 3


def test_a_new_card_gets_a_free_place_in_view(view: CanvasView, scene: CanvasScene, document: FlowDocument) -> None:
    for number in range(4):
        at = view.place_for_new()
        body = {"type": "python", "source": {"type": "code", "path": "prepare.py"}}
        document.apply(AddNode(f"new{number}", body, place=Place(at.x(), at.y())))
    rects = [scene.rect(name) for name in scene.card_items]
    assert not any(first.intersects(second) for number, first in enumerate(rects) for second in rects[number + 1 :])


def test_what_is_painted_where(view: CanvasView, scene: CanvasScene) -> None:
    """Cards, ports and wires are seen where geometry says, in their theme's colours."""
    view.set_zoom(1)
    view.look_at(scene.rect("answer").center())
    view._sharpen()
    dark = theme.current()
    card = scene.rect("answer")
    assert _color(view, card.topLeft() + QPointF(card.width() / 2, card.height() - 4)) == dark.surface
    assert _color(view, scene.port_point(PortRef("answer", "out", "output"))) in (dark.type("any"), dark.surface)
    assert _color(view, scene.port_point(PortRef("prepare", "in", "text"))) == dark.type("string")
    theme.set_theme("light")
    assert _color(view, card.topLeft() + QPointF(card.width() / 2, card.height() - 4)) == theme.current().surface


def test_from_afar_cards_are_blocks_of_their_kind(view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(0.2)
    view.look_at(scene.rect("answer").center())
    seen = _color(view, scene.rect("answer").center())
    kind = theme.current().kind("llm")
    assert seen.hue() - kind.hue() in range(-12, 13)
    scene.select(["answer"])
    assert _color(view, scene.rect("answer").center()).hue() - kind.hue() in range(-12, 13)


def test_what_the_pointer_is_over_is_lit(view: CanvasView, scene: CanvasScene) -> None:
    QTest.mouseMove(view.viewport(), view.mapFromScene(scene.rect("answer").center()))
    assert scene.card_items["answer"].hovered
    wire = scene.wire_items[PortRef("answer", "in", "question")]
    QTest.mouseMove(view.viewport(), view.mapFromScene(wire.route.middle))
    assert scene.card_items["answer"].hovered
    assert scene.card_items["prepare"].hovered
    assert wire.state == "lit"
    QTest.mouseMove(view.viewport(), QPoint(3, 3))
    assert wire.state == "idle"
    assert not scene.card_items["answer"].hovered


def test_cards_grow_with_the_type(view: CanvasView, scene: CanvasScene, application: QApplication) -> None:
    before, font = scene.rect("answer").width(), application.font()
    try:
        wide = QFont("DejaVu Sans Mono")
        wide.setStretch(150)
        application.setFont(wide)
        application.processEvents()
        assert scene.rect("answer").width() > before
        path = scene.path(PortRef("answer", "in", "question"))
        assert path.pointAtPercent(1) == scene.port_point(PortRef("answer", "in", "question"))
    finally:
        application.setFont(font)
        application.processEvents()
    assert scene.rect("answer").width() == before


def test_what_is_moved_to_the_end_of_the_world_is_found_again(view: CanvasView, scene: CanvasScene, document: FlowDocument) -> None:
    document.apply(SetPlaces({"answer": Place(x=60_000, y=-40_000)}))
    view.fit()
    assert view.zoom == LEAST_ZOOM
    view.center_on("answer")
    assert view.visible_rect().contains(scene.rect("answer"))
