"""How well typed letters fit a text: whole words first, then beginnings, then letters in order."""

from __future__ import annotations


def score(typed: str, text: str) -> int:
    """0 where it does not fit; more is better. Words may come in any order, each must fit; case does not count."""
    words = typed.casefold().split()
    if not words:
        return 1
    total = 0
    for word in words:
        fit = _word(word, text.casefold())
        if not fit:
            return 0
        total += fit
    return total + max(0, 20 - len(text) // 4)


def _word(word: str, text: str) -> int:
    at = text.find(word)
    if at == 0:
        return 120
    if at > 0:
        return 100 if not text[at - 1].isalnum() else 60
    position, gaps = -1, 0
    for letter in word:
        found = text.find(letter, position + 1)
        if found < 0:
            return 0
        gaps += found - position - 1 if position >= 0 else 0
        position = found
    return max(1, 40 - gaps) if gaps <= 2 * len(word) and len(word) > 1 else 0
