"""Colours a document line by line by what ``syntax`` says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from flowloom.studio.editors.syntax import Lexed
from flowloom.studio.theme.theme import Theme, current, themes, with_alpha

_BOLD: Final = frozenset(("role", "tag", "keyword"))


class Highlighter(QSyntaxHighlighter):
    """``names`` says of a name in a prompt what it is: ``variable``, ``missing`` or empty for a name of the template's own."""

    def __init__(self, document: QTextDocument, lex: Callable[[str, int], Lexed], names: Callable[[str], str] | None = None) -> None:
        super().__init__(document)
        self._lex = lex
        self._names = names
        self._formats = formats(current())
        themes().changed.connect(self._recolour)

    def _recolour(self, theme: Theme) -> None:
        self._formats = formats(theme)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        spans, state = self._lex(text, max(0, self.previousBlockState()))
        self.setCurrentBlockState(state)
        for span in spans:
            kind = span.kind
            if kind == "name" and self._names is not None:
                kind = self._names(text[span.start : span.start + span.length])
            found = self._formats.get(kind)
            if found is not None:
                start, length = _units(text, span.start, span.length)
                self.setFormat(start, length, found)


def formats(theme: Theme) -> dict[str, QTextCharFormat]:
    """How each kind of span looks in a theme."""
    found: dict[str, QTextCharFormat] = {}
    for kind, color in {**theme.syntax, "braces": theme.syntax["variable"], "key": theme.syntax["function"]}.items():
        found[kind] = _format(color, bold=kind in _BOLD)
    found["plain"] = _format(theme.text)
    for kind, color in (("variable", theme.accent), ("missing", theme.warn)):
        made = _format(color)
        made.setFontItalic(True)
        made.setBackground(with_alpha(theme.accentsoft, 0.9) if kind == "variable" else with_alpha(theme.warn, 0.14))
        if kind == "missing":
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            made.setUnderlineColor(theme.warn)
        found[kind] = made
    return found


def _format(color: QColor, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(color)
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _units(text: str, start: int, length: int) -> tuple[int, int]:
    """Places in Qt's UTF-16 text from places in Python's."""
    if text.isascii():
        return start, length
    before = len(text[:start].encode("utf-16-le")) // 2
    return before, len(text[start : start + length].encode("utf-16-le")) // 2
