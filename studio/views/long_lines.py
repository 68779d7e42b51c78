"""Lines without an end, broken where they are shown: laying out a line of a million characters takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LINE: Final = 1_000
BREAK: Final = "\u2060\n"
"""Stands between the pieces of a long line: a sign without a width tells it from an end of a line. It never reaches a copy."""


def broken(text: str) -> str:
    """The text with a break after every LINE characters of a line."""
    if len(text) <= LINE:
        return text
    lines = text.split("\n")
    if all(len(line) <= LINE for line in lines):
        return text
    return "\n".join(
        line if len(line) <= LINE else BREAK.join(line[at : at + LINE] for at in range(0, len(line), LINE)) for line in lines
    )


def shown_places(text: str, positions: Sequence[int]) -> list[int]:
    """Where characters of a text stand in the document that shows it: Qt counts some of them twice, and long lines are broken."""
    text = text[: max(positions, default=0) + 1]
    if broken(text) == text and (text.isascii() or max(text) <= "\uffff"):
        return list(positions)
    places: list[int] = []
    at = column = 0
    for letter in text:
        at += len(BREAK) if column > 0 and column % LINE == 0 and letter != "\n" else 0
        places.append(at)
        at += 2 if letter > "\uffff" else 1
        column = 0 if letter == "\n" else column + 1
    places.append(at)
    return [places[min(position, len(text))] for position in positions]
