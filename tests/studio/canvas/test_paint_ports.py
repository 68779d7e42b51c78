"""Shapes of ports."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.paint_ports import REACH, paint_port, shape
from flowloom.studio.theme.theme import load_theme

GROUPS = ("text", "number", "bool", "list", "object", "image", "connection", "any")


def test_each_type_has_a_shape_that_stays_small_and_in_place(application: QApplication) -> None:
    outlines = {group: shape(group) for group in GROUPS}
    for group, path in outlines.items():
        box = path.boundingRect()
        assert max(box.width(), box.height()) <= 2 * REACH + 4, group
        assert box.contains(QPointF(0, 0)), group
    told = {(path.elementCount(), round(path.boundingRect().width(), 1), round(path.boundingRect().height(), 1)) for path in outlines.values()}
    assert len(told) == len(GROUPS) - 1, "only text and any share an outline; any is a ring"


def test_a_ring_is_open_and_a_circle_is_not(application: QApplication) -> None:
    theme = load_theme("dark")
    middles = {}
    for name, filled in (("string", True), ("any", True), ("string", False)):
        image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(theme.canvas)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_port(painter, QPointF(20, 20), name, theme.type(name), theme.surface, filled=filled)
        painter.end()
        middles[name, filled] = image.pixelColor(20, 20)
    assert middles["string", True] == theme.type("string")
    assert middles["any", True] == theme.surface
    assert middles["string", False] == theme.surface
