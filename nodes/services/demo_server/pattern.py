"""A text that matches a regular expression, for ``pattern`` in a JSON schema."""

from __future__ import annotations

import random
import re
import string

_CLASSES = {"d": string.digits, "w": string.ascii_lowercase + string.digits + "_", "s": " "}
_ANY = string.ascii_lowercase + string.digits


def matching(pattern: str, rng: random.Random) -> str:
    """A text that ``re.search(pattern, text)`` finds. Understands literals, classes, groups, alternatives and repeats;
    raises ValueError for anything that it cannot satisfy (look-around, back references)."""
    text, at = _alternatives(pattern, 0, rng)
    if at != len(pattern) or re.search(pattern, text) is None:
        raise ValueError(f"no text is known for the pattern {pattern!r}")
    return text


def _alternatives(pattern: str, at: int, rng: random.Random) -> tuple[str, int]:
    choices: list[str] = []
    text, at = _sequence(pattern, at, rng)
    choices.append(text)
    while at < len(pattern) and pattern[at] == "|":
        text, at = _sequence(pattern, at + 1, rng)
        choices.append(text)
    return rng.choice(choices), at


def _sequence(pattern: str, at: int, rng: random.Random) -> tuple[str, int]:
    parts: list[str] = []
    while at < len(pattern) and pattern[at] not in "|)":
        start = at
        text, at = _atom(pattern, at, rng)
        least, most, at = _repeat(pattern, at)
        if (least, most) == (1, 1):
            parts.append(text)
            continue
        for _ in range(rng.randint(least, most)):
            again, _end = _atom(pattern, start, rng)
            parts.append(again)
    return "".join(parts), at


def _repeat(pattern: str, at: int) -> tuple[int, int, int]:
    if at >= len(pattern):
        return 1, 1, at
    simple = {"*": (0, 4), "+": (1, 4), "?": (0, 1)}
    if pattern[at] in simple:
        least, most = simple[pattern[at]]
        at += 1
    else:
        found = re.match(r"\{(\d+)(,(\d*))?\}", pattern[at:])
        if found is None:
            return 1, 1, at
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else least + 4
        at += found.end()
    if at < len(pattern) and pattern[at] in "?+":
        at += 1
    return least, most, at


def _atom(pattern: str, at: int, rng: random.Random) -> tuple[str, int]:
    char = pattern[at]
    if char in "^$":
        return "", at + 1
    if char == ".":
        return rng.choice(_ANY), at + 1
    if char == "(":
        if pattern.startswith("(?:", at):
            at += 2
        elif pattern.startswith("(?P<", at):
            at = pattern.index(">", at)
        elif pattern.startswith("(?", at):
            raise ValueError(f"no text is known for the pattern {pattern!r}")
        text, at = _alternatives(pattern, at + 1, rng)
        if at >= len(pattern):
            raise ValueError(f"a group is not closed in {pattern!r}")
        return text, at + 1
    if char == "[":
        return _bracket(pattern, at, rng)
    if char == "\\" and at + 1 < len(pattern):
        escaped = pattern[at + 1]
        if escaped in "bB":
            return "", at + 2
        choices = _escaped(escaped)
        return rng.choice(choices), at + 2
    return char, at + 1


def _escaped(char: str) -> str:
    if char in _CLASSES:
        return _CLASSES[char]
    if char.lower() in _CLASSES:
        return "-" if char in "DW" else "x"
    return {"n": "\n", "t": "\t"}.get(char, char)


def _bracket(pattern: str, at: int, rng: random.Random) -> tuple[str, int]:
    at += 1
    negated = pattern[at] == "^"
    at += negated
    chars: list[str] = []
    first = True
    while pattern[at] != "]" or first:
        first = False
        if pattern[at] == "\\":
            chars.extend(_escaped(pattern[at + 1]))
            at += 2
        elif pattern[at + 1] == "-" and pattern[at + 2] != "]":
            chars.extend(chr(code) for code in range(ord(pattern[at]), ord(pattern[at + 2]) + 1))
            at += 3
        else:
            chars.append(pattern[at])
            at += 1
    if negated:
        chars = [char for char in string.ascii_letters + string.digits + " -" if char not in chars]
    if not chars:
        raise ValueError(f"no text is known for the pattern {pattern!r}")
    return rng.choice(chars), at + 1
