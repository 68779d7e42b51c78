"""The bar that zooms."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView


def test_each_button_has_a_name_and_can_be_reached_and_used_by_keys(view: CanvasView, scene: CanvasScene) -> None:
    box = view.zoom_box
    view.set_zoom(1)
    for button in (box.out, box.percent, box.nearer, box.whole):
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    box.nearer.setFocus()
    QTest.keyClick(box.nearer, Qt.Key.Key_Space)
    assert view.zoom > 1
    assert box.percent.text() == f"{round(view.zoom * 100)} %"
    QTest.keyClick(box.whole, Qt.Key.Key_Space)
    assert view.visible_rect().contains(scene.content_rect())
