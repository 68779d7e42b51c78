"""Pictures of cards are kept, and are sharp when nothing moves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas import pictures
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme


def _settled(view: CanvasView, scene: CanvasScene, wait: Callable[..., None]) -> None:
    wait(lambda: not scene.pictures.hurried)


def test_after_zooming_cards_are_as_sharp_as_ever(view: CanvasView, scene: CanvasScene, wait: Callable[..., None]) -> None:
    view.set_zoom(0.77)
    view.look_at(scene.rect("answer").center())
    scene.pictures.drop()
    _settled(view, scene, wait)
    plain = view.viewport().grab().toImage()
    view.set_zoom(1.3)
    scene.pictures.drop()
    for zoom in (1.3, 0.6, 0.8, 0.77):
        view.set_zoom(zoom)
        view.viewport().grab()
    view.look_at(scene.rect("answer").center())
    _settled(view, scene, wait)
    assert view.viewport().grab().toImage() == plain


def test_a_picture_is_drawn_once_while_nothing_changes(view: CanvasView, scene: CanvasScene, wait: Callable[..., None]) -> None:
    view.set_zoom(1)
    view.look_at(scene.rect("answer").center())
    _settled(view, scene, wait)
    view.viewport().grab()
    kept = dict(scene.pictures._kept)
    view.pan_by(40, 30)
    view.viewport().grab()
    assert all(scene.pictures._kept[name].pixmap is picture.pixmap for name, picture in kept.items())
    theme.set_theme("light")
    view.viewport().grab()
    assert all(scene.pictures._kept[name].pixmap is not picture.pixmap for name, picture in kept.items())


def test_pictures_out_of_use_are_let_go(
    chain: Callable[[int], FlowDocument], application: QApplication, wait: Callable[..., None], monkeypatch: object
) -> None:
    scene = CanvasScene(chain(60))
    view = CanvasView(scene)
    view.resize(1000, 700)
    view.show()
    application.processEvents()
    view.set_zoom(1)
    for name in scene.card_items:
        view.center_on(name)
        view.viewport().grab()
    assert scene.pictures._pixels == sum(found.pixmap.width() * found.pixmap.height() for found in scene.pictures._kept.values())
    assert scene.pictures._pixels <= pictures.MOST_PIXELS
    scene.pictures.drop()
    assert scene.pictures._pixels == 0
    view.hide()
