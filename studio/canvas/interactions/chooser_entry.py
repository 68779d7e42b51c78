"""What is chosen among, and which of it a query finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One line. ``note`` stands at its right, ``help`` below the list while it is the current one; ``words`` are searched too."""

    value: Any
    title: str
    note: str = ""
    kind: str = ""
    icon: str = ""
    port_type: str = ""
    color: str = ""
    help: str = ""
    words: str = ""
    enabled: bool = True


def ranked(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries that hold every word of a query: those with the very words in their title first, then those that begin with them."""
    words = query.casefold().split()
    if not words:
        return list(entries)
    found: list[tuple[int, int, int, Entry]] = []
    for position, entry in enumerate(entries):
        title, text = entry.title.casefold(), f"{entry.title} {entry.note} {entry.words}".casefold()
        if all(word in text for word in words):
            other_words = not set(words) <= set(re.findall(r"\w+", title))
            found.append((other_words, _rank(title, words), position, entry))
    return [entry for *_, entry in sorted(found, key=lambda item: item[:3])]


def _rank(title: str, words: list[str]) -> int:
    if title.startswith(words[0]):
        return 0
    if all(any(part.startswith(word) for part in title.split()) for word in words):
        return 1
    return 2 if all(word in title for word in words) else 3
