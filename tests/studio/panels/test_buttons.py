"""A button that shows its key, as long as there is room."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from flowloom.studio.panels.buttons import KeyButton
from flowloom.studio.theme.style import apply_style
from flowloom.studio.theme.theme import load_theme


def test_the_key_takes_room_and_is_drawn_only_where_there_is_some(application: QApplication) -> None:
    apply_style(application, load_theme("dark"))
    button, plain = KeyButton("Run", "F5"), KeyButton("Run", "")
    assert button.sizeHint().width() > plain.sizeHint().width()
    assert button.minimumSizeHint().width() == plain.sizeHint().width()
    for width, same in ((button.sizeHint().width(), False), (plain.sizeHint().width(), True)):
        for each in (button, plain):
            each.resize(width, 30)
        assert (button.grab().toImage() == plain.grab().toImage()) is same
    assert button.text() == "Run"
    assert button.toolTip() == "Run  F5"
    button.deleteLater()
    plain.deleteLater()
