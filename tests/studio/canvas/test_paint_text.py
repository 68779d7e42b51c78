"""Fitting words into room."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.paint_text import LINE, TITLE, elided, font, width, wrapped


def test_words_are_shortened_only_where_they_must(application: QApplication) -> None:
    assert elided("short", LINE, 200) == "short"
    cut = elided("a rather long line of words", LINE, 80)
    assert cut.endswith("…")
    assert width(cut, LINE) <= 80


def test_lines_break_between_words_and_within_what_has_none(application: QApplication) -> None:
    lines = wrapped("one two three four five six seven eight", LINE, 80, 10)
    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six seven eight"
    assert all(width(line, LINE) <= 80 for line in lines)
    assert "".join(wrapped("x" * 60, LINE, 80, 20)) == "x" * 60
    assert "".join(wrapped("问题改写" * 8, LINE, 80, 20)) == "问题改写" * 8
    assert "".join(wrapped("😀" * 30, LINE, 80, 20)) == "😀" * 30


def test_paragraphs_and_the_sign_that_there_is_more(application: QApplication) -> None:
    assert wrapped("a\n\nb", LINE, 80, 4) == ("a", "", "b")
    assert len(wrapped("\n".join("abcdefgh"), LINE, 80, 4)) == 5


def test_fonts_have_the_sizes_asked_for(application: QApplication) -> None:
    assert font(TITLE).pixelSize() == 13
    assert font(LINE).pixelSize() == 12
    assert font(TITLE).weight() > font(LINE).weight()
