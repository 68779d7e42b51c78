"""A line that gives way before it is cut."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.panels.elided import Elided


def test_it_asks_for_its_words_and_is_content_with_less(application: QApplication) -> None:
    parent = QWidget()
    label = Elided(parent, least=40)
    label.say("Nothing leaves this computer")
    assert label.sizeHint().width() > 100
    assert label.minimumSizeHint().width() == 40
    assert label.toolTip() == "Nothing leaves this computer"
    label.resize(60, 20)
    narrow = label.grab().toImage()
    label.setText("Nothing at all, really nothing")
    assert label.grab().toImage().size() == narrow.size()
    label.say("")
    assert label.minimumSizeHint().width() <= 4
    parent.deleteLater()
