"""What a plain YAML word means: text, number, truth value, null, date.

The rules are YAML 1.2's core schema with the number and date forms that prompt flow's reader adds, so that a flow means the same
here and there: ``yes``, ``no``, ``on``, ``off`` are text, ``012`` is 12, ``0o14`` is 12, ``0b11`` is 3, ``1_000`` is 1000,
``2024-01-01`` is a date.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

CONSTANTS: Final[dict[str, Any]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

# Every number and date begins with one of these, so most words are known for text by their first character.
_NUMBER_START: Final = frozenset("-+.0123456789")

_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0b(?P<binary>[01_]+)|0o(?P<octal>[0-7_]+)|0x(?P<hex>[0-9a-fA-F_]+)|(?P<decimal>[0-9_]+))"
)
_FLOAT: Final = re.compile(
    r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?"
)
_SPECIAL: Final = re.compile(r"(?P<sign>[-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?"
    r"(?:[ \t]*(?:(?P<utc>Z)|(?P<sign>[-+])(?P<hours>\d\d?)(?::(?P<minutes>\d\d))?))?"
)


class NotReadable(ValueError):
    """The word has a form that promises a value it cannot have, such as a 13th month. The text says so in words."""


def plain_value(word: str) -> Any:
    """The value of an unquoted word: str, int, float, bool, None, date or datetime. Raises NotReadable."""
    if word in CONSTANTS:
        return CONSTANTS[word]
    if word[0] not in _NUMBER_START:
        return word
    if word.isdigit() and word.isascii() and len(word) < 19:
        return int(word)
    number = _number(word)
    if number is not None:
        return number
    return _time(word)


def _number(word: str) -> int | float | None:
    match = _INTEGER.fullmatch(word)
    if match is not None:
        return _integer(match)
    if _FLOAT.fullmatch(word) is not None:
        digits = word.replace("_", "")
        return float(digits) if digits.lstrip("+-.")[:1].isdigit() else None
    match = _SPECIAL.fullmatch(word)
    if match is None:
        return None
    return float(f"{match['sign'] or ''}inf") if word[-1] in "fF" else float("nan")


def _integer(match: re.Match[str]) -> int | None:
    for group, base in (("decimal", 10), ("hex", 16), ("octal", 8), ("binary", 2)):
        digits = match[group]
        if digits is None:
            continue
        digits = digits.replace("_", "")
        if not digits:
            return None
        if len(digits) > 4000:
            raise NotReadable("a number has more than 4,000 digits")
        number = int(digits, base)
        return -number if match["sign"] == "-" else number
    return None


def _time(word: str) -> Any:
    match = _DATE.fullmatch(word)
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
        match = _TIME.fullmatch(word)
        if match is None:
            return word
        zone = None
        if match["utc"]:
            zone = UTC
        elif match["sign"]:
            offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
            zone = timezone(-offset if match["sign"] == "-" else offset)
        micros = min(round(float(f"0.{match[7] or 0}") * 1_000_000), 999_999)
        year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=zone)
    except ValueError as error:
        raise NotReadable(f"{word!r} looks like a date but is none ({error})") from error


def tagged_value(tag: str, word: str) -> Any:
    """The value of a word with an explicit tag such as ``!!str``. Raises NotReadable; an unknown tag raises KeyError."""
    return _TAGGED[tag](word)


def _tagged_int(word: str) -> int:
    number = _number(word)
    if not isinstance(number, int):
        raise NotReadable(f"{word!r} is not a whole number")
    return number


def _tagged_float(word: str) -> float:
    number = _number(word)
    if number is None:
        raise NotReadable(f"{word!r} is not a number")
    return float(number)


def _tagged_bool(word: str) -> bool:
    truth = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(word.lower())
    if truth is None:
        raise NotReadable(f"{word!r} is neither true nor false")
    return truth


def _tagged_null(word: str) -> None:
    if CONSTANTS.get(word, word) is not None:
        raise NotReadable(f"{word!r} is not null")


def _tagged_time(word: str) -> Any:
    value = _time(word)
    if isinstance(value, str):
        raise NotReadable(f"{word!r} is not a date")
    return value


YAML_TAG: Final = "tag:yaml.org,2002:"
_TAGGED: Final = {
    "!": str,
    f"{YAML_TAG}str": str,
    f"{YAML_TAG}int": _tagged_int,
    f"{YAML_TAG}float": _tagged_float,
    f"{YAML_TAG}bool": _tagged_bool,
    f"{YAML_TAG}null": _tagged_null,
    f"{YAML_TAG}timestamp": _tagged_time,
}
