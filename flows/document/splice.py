"""The one way in which a text changes: replace a span of characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """Put ``text`` in place of the characters ``start`` to ``end`` of ``file`` (a path relative to the flow's folder)."""

    file: str
    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> tuple[str, tuple[Splice, ...]]:
    """The text with all splices applied at once, and the splices that lead back.

    All offsets count in the text as given. Splices at the same empty place apply in the order given. Raises ValueError where two overlap
    or one lies outside the text.
    """
    ordered = sorted(splices, key=lambda splice: (splice.start, splice.end))
    pieces: list[str] = []
    inverse: list[Splice] = []
    position = 0
    length = 0
    for splice in ordered:
        if splice.start < position or splice.end < splice.start or splice.end > len(text):
            raise ValueError(f"splice {splice.start}-{splice.end} overlaps another one or lies outside the text")
        kept = text[position : splice.start]
        length += len(kept)
        pieces += (kept, splice.text)
        inverse.append(Splice(splice.file, length, length + len(splice.text), text[splice.start : splice.end]))
        length += len(splice.text)
        position = splice.end
    pieces.append(text[position:])
    return "".join(pieces), tuple(inverse)


def joined_deletions(splices: Iterable[Splice]) -> list[Splice]:
    """The splices in order, deletions that overlap or touch joined into one."""
    result: list[Splice] = []
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        last = result[-1] if result else None
        if last is not None and not last.text and not splice.text and splice.start <= last.end:
            result[-1] = Splice(last.file, last.start, max(last.end, splice.end), "")
        else:
            result.append(splice)
    return result


def difference(file: str, old: str, new: str) -> tuple[Splice, ...]:
    """The one splice that makes ``new`` of ``old``, without the beginning and end they share; none where they are equal."""
    if old == new:
        return ()
    start, limit = 0, min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return (Splice(file, start, len(old) - end, new[start : len(new) - end]),)
