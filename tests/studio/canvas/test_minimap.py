"""The map in the corner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme


def test_pressing_and_dragging_goes_there(chain: Callable[[int], FlowDocument], application: QApplication) -> None:
    scene = CanvasScene(chain(30))
    view = CanvasView(scene)
    view.resize(1000, 700)
    view.show()
    application.processEvents()
    view.minimap.grab()
    left = view.visible_rect().center().x()
    middle = view.minimap.rect().center()
    QTest.mousePress(view.minimap, Qt.MouseButton.LeftButton, pos=QPoint(view.minimap.width() - 10, middle.y()))
    right = view.visible_rect().center().x()
    assert right > left
    assert abs(right - scene.content_rect().right()) < scene.content_rect().width() * 0.05
    QTest.mouseMove(view.minimap, middle)
    QTest.mouseRelease(view.minimap, Qt.MouseButton.LeftButton, pos=middle)
    assert view.zoom == 0.5
    view.hide()


def test_it_shows_cards_in_their_colours(view: CanvasView, scene: CanvasScene) -> None:
    image = view.minimap.grab().toImage()
    colors = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert len(colors) > 3
    theme.set_theme("light")
    assert view.minimap.grab().toImage() != image


def test_it_stands_in_the_corner_whatever_the_size(view: CanvasView, application: QApplication) -> None:
    for width, height in ((1000, 700), (600, 400), (1600, 1000)):
        view.resize(width, height)
        application.processEvents()
        assert view.rect().contains(view.minimap.geometry())
        assert view.rect().contains(view.zoom_box.geometry())
        assert not view.minimap.geometry().intersects(view.zoom_box.geometry())
