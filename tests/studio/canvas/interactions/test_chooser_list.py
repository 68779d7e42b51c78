"""The lines of a chooser, as they are drawn and read aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QListView

from flowloom.studio.canvas.interactions.chooser_entry import Entry
from flowloom.studio.canvas.interactions.chooser_list import EntryDelegate, EntryModel
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import ThemeName


def test_readers_hear_the_title_and_the_note(application: QApplication) -> None:
    owner = QObject()
    model = EntryModel(owner)
    model.set_entries([Entry(1, "Write CSV", "Gives text, takes a list.", enabled=False)])
    index = model.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Write CSV · Gives text, takes a list."
    assert index.flags() == Qt.ItemFlag.NoItemFlags


@pytest.mark.parametrize("name", ["dark", "light"])
def test_marks_bear_the_colours_of_kinds_and_types(application: QApplication, name: ThemeName) -> None:
    themes.set_theme(name)
    theme = themes.current()
    view = QListView()
    model = EntryModel(view)
    model.set_entries([Entry(1, "Ask", kind="llm", icon="sparkle"), Entry(2, "rows", port_type="list"), Entry(3, "Blue", color="blue")])
    view.setModel(model)
    view.setItemDelegate(EntryDelegate(view))
    view.resize(300, 120)
    image = view.grab().toImage()
    assert _has(image, theme.kind("llm").name())
    assert _has(image, theme.type("list").name())
    assert _has(image, theme.palette["blue"].name())
    view.deleteLater()


def _has(image: QImage, color: str) -> bool:
    """Whether the hue is somewhere among the marks."""
    wanted = QColor(color)
    seen = [image.pixelColor(x, y) for x in range(40) for y in range(image.height())]
    return any(abs(pixel.hue() - wanted.hue()) < 6 and pixel.saturation() > 60 for pixel in seen)
