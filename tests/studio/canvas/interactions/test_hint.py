"""The words beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.canvas.interactions.hint import Hint


def test_it_stays_in_sight_and_is_plain_text(application: QApplication) -> None:
    room = QWidget()
    room.resize(300, 200)
    room.show()
    hint = Hint(room)
    hint.tell("<b>Gives text</b>, takes a number.", QPoint(290, 195))
    assert room.rect().contains(hint.geometry())
    assert hint.textFormat() == Qt.TextFormat.PlainText
    assert not hint.geometry().contains(QPoint(290, 195)), "what is pointed at stays visible"
    hint.tell("")
    assert not hint.isVisible()
    room.close()
    room.deleteLater()
