"""The marks a style sheet takes from files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flowloom.studio.theme.glyphs import SIDE, glyphs
from flowloom.studio.theme.theme import load_theme


def test_each_is_there_in_two_sharpnesses_and_in_the_themes_colour(application: QApplication) -> None:
    for name in ("dark", "light"):
        for path in glyphs(load_theme(name)).values():
            image, sharp = QImage(path), QImage(str(Path(path).with_name(f"{Path(path).stem}@2x.png")))
            assert (image.width(), sharp.width()) == (SIDE, 2 * SIDE)
            assert any(image.pixelColor(x, y).alpha() > 100 for x in range(SIDE) for y in range(SIDE))
    assert QImage(glyphs(load_theme("dark"))["down"]) != QImage(glyphs(load_theme("light"))["down"])
