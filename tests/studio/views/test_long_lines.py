from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPlainTextEdit

from flowloom.studio.views.long_lines import BREAK, LINE, broken, shown_places


def test_only_long_lines_are_broken() -> None:
    assert broken("short\n" * 10_000) == "short\n" * 10_000
    text = "x" * (2 * LINE + 5) + "\nshort"
    assert broken(text).replace(BREAK, "") == text
    assert max(map(len, broken(text).split("\n"))) <= LINE + 1


def test_places_are_those_of_the_document(application: QApplication) -> None:
    text = "a😀b\n" + "y" * (LINE + 2) + "😀z\nend"
    edit = QPlainTextEdit()
    edit.setPlainText(broken(text))
    document = edit.document()
    for position in (0, 1, 2, 3, 4, 4 + LINE - 1, 4 + LINE, text.index("z"), text.index("end")):
        (place,) = shown_places(text, [position])
        found = document.characterAt(place)
        assert found == (text[position] if text[position] not in "\n😀" else found), position
    assert document.characterAt(shown_places(text, [text.index("end")])[0]) == "e"
    assert shown_places("plain", [0, 3, 5]) == [0, 3, 5]
    assert shown_places("", []) == []
