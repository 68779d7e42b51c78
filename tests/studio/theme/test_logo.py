"""The mark in the accent and for task bars."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from flowloom.studio.theme.logo import logo, window_icon


def test_it_is_drawn_in_its_colour_and_size(application: QApplication) -> None:
    mark = logo(32, 2.0, QColor("red"))
    assert (mark.width(), mark.devicePixelRatio()) == (64, 2.0)
    assert mark.toImage().pixelColor(52, 32).red() > 200
    assert {size.width() for size in window_icon().availableSizes()} == {16, 32, 64, 128}
