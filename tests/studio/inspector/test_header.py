"""The head of the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.studio.canvas.cards import Card
from flowloom.studio.inspector.header import Header

CARD = Card("answer", "llm", "sparkle", "Answer the customer")


def test_a_card_shows_its_chip_title_and_kind_and_is_renamed() -> None:
    header = Header()
    header.show_card(CARD, "Ask a model", editable=True)
    header.show()
    assert (header.title.text(), header.subtitle.whole()) == ("Answer the customer", "Ask a model")
    assert not header.chip.pixmap().isNull()
    heard: list[str] = []
    header.titled.connect(heard.append)
    header.title.selectAll()
    QTest.keyClicks(header.title, "Reply")
    QTest.keyClick(header.title, Qt.Key.Key_Return)
    assert heard == ["Reply"]
    header.close()


def test_what_cannot_be_renamed_does_not_take_the_keyboard() -> None:
    header = Header()
    header.show_plain("2 steps chosen", "")
    assert header.title.isReadOnly()
    assert header.title.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert header.chip.isHidden()
    assert header.more.isHidden()


