"""Colours follow the text, its theme and what names mean."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextDocument

from flowloom.studio.editors.highlighter import Highlighter, formats
from flowloom.studio.editors.syntax import prompt_line
from flowloom.studio.theme import theme


def colors(document: QTextDocument, line: int) -> dict[str, QColor]:
    block = document.findBlockByNumber(line)
    text = block.text().encode("utf-16-le")
    found = {}
    for piece in block.layout().formats():
        word = text[piece.start * 2 : (piece.start + piece.length) * 2].decode("utf-16-le")
        found[word] = piece.format.foreground().color()
    return found


def test_a_variable_without_a_value_stands_out() -> None:
    document = QTextDocument("user:\n{{known}} {{other}} 😀 {{known}}")
    highlighter = Highlighter(document, prompt_line, lambda name: "variable" if name == "known" else "missing")
    highlighter.rehighlight()
    light = theme.current()
    assert colors(document, 0) == {"user:": light.syntax["role"]}
    assert colors(document, 1)["known"] == light.accent
    assert colors(document, 1)["other"] == light.warn


def test_the_theme_changes_the_colours_of_what_stands_there() -> None:
    document = QTextDocument("system:")
    highlighter = Highlighter(document, prompt_line)
    highlighter.rehighlight()
    theme.set_theme("light")
    assert colors(document, 0)["system:"] == theme.load_theme("light").syntax["role"]


def test_words_in_code_can_be_read_in_both_themes() -> None:
    for name in ("dark", "light"):
        look = theme.load_theme(name)
        for kind, found in formats(look).items():
            assert contrast(found.foreground().color(), look.code) >= 4.5, (name, kind)


def contrast(first: QColor, second: QColor) -> float:
    def light(color: QColor) -> float:
        parts = [part / 255 for part in (color.red(), color.green(), color.blue())]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(first), light(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
