"""Soft outlines around rectangles of any size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.paint_patch import paint_around
from flowloom.studio.theme.theme import load_theme

THEME = load_theme("light")


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.37, 2.0])
def test_a_ring_is_even_on_all_sides_and_leaves_the_middle(application: QApplication, scale: float) -> None:
    image = QImage(int(300 * scale), int(200 * scale), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(THEME.canvas)
    painter = QPainter(image)
    painter.scale(scale, scale)
    paint_around(painter, QRectF(40, 40, 220, 120), "ring", THEME.accent, 10)
    painter.end()

    def changed(x: float, y: float) -> bool:
        return image.pixelColor(int(x * scale), int(y * scale)) != THEME.canvas

    assert all(changed(x, y) for x, y in ((39, 100), (260, 100), (150, 39), (150, 160), (100, 39), (200, 160)))
    assert not changed(150, 100)
    assert not changed(10, 100)


def test_the_painter_is_left_as_it_was(application: QApplication) -> None:
    image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.translate(20, 10)
    before = painter.worldTransform()
    paint_around(painter, QRectF(40, 40, 200, 100), "shadow", THEME.shadow, 10)
    assert painter.worldTransform() == before
    painter.end()
