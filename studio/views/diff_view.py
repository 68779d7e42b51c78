"""Two values side by side, with what differs marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QGridLayout, QLabel, QTextEdit, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.theme import with_alpha
from flowloom.studio.views.kinds import beginning
from flowloom.studio.views.long_lines import shown_places
from flowloom.studio.views.text_view import TextView

MOST_CHARACTERS: Final = 20_000
"""Of longer values the beginning is compared word by word."""
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")

Span = tuple[int, int]


def differences(a: str, b: str) -> tuple[list[Span], list[Span]]:
    """Where two texts differ, as starts and lengths in each. Words are compared in lines that differ, so that the work stays small."""
    ours: list[Span] = []
    theirs: list[Span] = []
    for a_lines, b_lines in _unequal(a[:MOST_CHARACTERS].splitlines(keepends=True), b[:MOST_CHARACTERS].splitlines(keepends=True)):
        (a_at, a_text), (b_at, b_text) = a_lines, b_lines
        if not a_text or not b_text:
            ours += [(a_at, len(a_text))] if a_text else []
            theirs += [(b_at, len(b_text))] if b_text else []
            continue
        for (a_word, a_piece), (b_word, b_piece) in _unequal(_words(a_text), _words(b_text)):
            ours += [(a_at + a_word, len(a_piece))] if a_piece else []
            theirs += [(b_at + b_word, len(b_piece))] if b_piece else []
    return ours, theirs


def _words(text: str) -> list[str]:
    found = _WORDS.findall(text)
    return found if len(found) <= 3_000 else [text]


def _unequal(a: Sequence[str], b: Sequence[str]) -> Iterable[tuple[tuple[int, str], tuple[int, str]]]:
    """The stretches that differ: where each begins, in characters, and its text."""
    a_starts, b_starts = _starts(a), _starts(b)
    for tag, a_from, a_to, b_from, b_to in difflib.SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > 2_000).get_opcodes():
        if tag != "equal":
            yield (a_starts[a_from], "".join(a[a_from:a_to])), (b_starts[b_from], "".join(b[b_from:b_to]))


def _starts(pieces: Sequence[str]) -> list[int]:
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found


class DiffView(QWidget):
    """``show_values`` compares two JSON values as text. None stands for no value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = [QLabel(self), QLabel(self)]
        self._views = [TextView(self), TextView(self)]
        self._spans: tuple[list[Span], list[Span]] = ([], [])
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        for column, (title, view) in enumerate(zip(self._titles, self._views, strict=True)):
            title.setTextFormat(Qt.TextFormat.PlainText)
            title.setProperty("role", "section")
            title.setContentsMargins(4, 0, 0, 0)
            layout.addWidget(title, 0, column)
            layout.addWidget(view, 1, column)
            layout.setColumnStretch(column, 1)
        layout.setRowStretch(1, 1)
        theme.themes().changed.connect(self._mark)

    def set_titles(self, a: str, b: str) -> None:
        for title, view, words in zip(self._titles, self._views, (a, b), strict=True):
            title.setText(words)
            view.editor.setAccessibleName(words)

    def show_values(self, a: Any, b: Any) -> None:
        texts: list[str] = []
        for value, view in zip((a, b), self._views, strict=True):
            text, is_whole = (tr("(no value)"), True) if value is None else beginning(value)
            view.show_text(text, is_whole=is_whole)
            texts.append(text)
        self._spans = differences(*texts) if a is not None and b is not None else ([], [])
        self._mark()

    @property
    def marked(self) -> tuple[list[str], list[str]]:
        """What is marked in each."""
        a, b = ([view.text[at : at + length] for at, length in spans] for view, spans in zip(self._views, self._spans, strict=True))
        return a, b

    def _mark(self) -> None:
        shown = theme.current()
        for view, spans, color in zip(self._views, self._spans, (shown.bad, shown.ok), strict=True):
            begun = shown_places(view.text, [at for at, _ in spans])
            ended = shown_places(view.text, [at + length for at, length in spans])
            view.editor.setExtraSelections(
                [_selection(view, start, end, with_alpha(color, 0.22)) for start, end in zip(begun, ended, strict=True)][:2_000]
            )


def _selection(view: TextView, start: int, end: int, color: QColor) -> QTextEdit.ExtraSelection:
    found = QTextEdit.ExtraSelection()
    cursor = QTextCursor(view.editor.document())
    last = view.editor.document().characterCount() - 1
    cursor.setPosition(min(start, last))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    found.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue]
    found.format.setBackground(color)  # pyright: ignore[reportAttributeAccessIssue]
    return found
