"""What gestures show while they last."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF

from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.theme import theme


def test_it_is_there_and_gone_again(scene: CanvasScene) -> None:
    scene.show_wire(QPointF(0, 0), QPointF(200, 100), "ok")
    scene.show_band(QRectF(100, 100, -50, -40))
    scene.show_guides([QLineF(0, 0, 0, 500), QLineF(0, 0, 500, 0)])
    scene.light({PortRef("answer", "in", "question"): "", PortRef("prepare", "in", "text"): "A text is wanted."})
    scene.mark_wire(PortRef("answer", "in", "question"))
    assert scene.overlay.band == QRectF(50, 60, 50, 40)
    assert scene.overlay.wire is not None
    assert scene.overlay.guides == 2
    assert scene.lit_cards == {"answer"}
    assert scene.wire_items[PortRef("answer", "in", "question")].state == "marked"
    scene.clear_overlays()
    assert (scene.overlay.band, scene.overlay.wire, scene.overlay.guides, scene.lit) == (None, None, 0, None)
    assert scene.wire_items[PortRef("answer", "in", "question")].state == "idle"


def test_the_band_is_seen_near_and_from_afar(view: CanvasView, scene: CanvasScene) -> None:
    for zoom in (1.0, 0.2):
        view.set_zoom(zoom)
        view.look_at(QPointF(-2000, -2000))
        plain = view.viewport().grab().toImage()
        scene.show_band(QRectF(-2100, -2100, 200, 200))
        seen = view.viewport().grab().toImage()
        at = view.mapFromScene(QPointF(-1993, -1993))
        assert seen.pixelColor(at).blue() > plain.pixelColor(at).blue(), zoom
        scene.show_band(None)


def test_ports_that_do_not_fit_fade(view: CanvasView, scene: CanvasScene) -> None:
    view.set_zoom(1)
    view.look_at(scene.rect("prepare").center())
    at = view.mapFromScene(scene.port_point(PortRef("prepare", "in", "text")))
    before = view.viewport().grab().toImage().pixelColor(at)
    scene.light({PortRef("prepare", "in", "text"): "no", PortRef("prepare", "in", "upper"): ""})
    after = view.viewport().grab().toImage().pixelColor(at)
    assert before == theme.current().type("string")
    assert after != before
    assert sum(after.getRgb()[:3]) < sum(before.getRgb()[:3])  # pyright: ignore[reportIndexIssue]
