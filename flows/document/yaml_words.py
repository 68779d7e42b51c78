"""Writing single values so that every reader of YAML, 1.1 and 1.2, reads them back as they are."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from flowloom.flows.document.yaml_scalars import NotReadable, plain_value
from flowloom.flows.errors import DocumentError

_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`~=<")
# Words that YAML 1.1 reads as truth values, or that either version gives a meaning of its own.
_WORDS_1_1: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
# Whatever could be a number, a time of day or a date to one of the two versions.
_NUMBERLIKE: Final = re.compile(r"[-+.0-9][0-9a-fA-FxXoO_:.+\-TtZzeE \t]*")
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_TO_ESCAPE: Final = re.compile('[\\\\"\\x00-\\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]')


def scalar_text(value: Any, *, in_flow: bool = False, prefer: str = "") -> str:
    """A value that is no list or mapping, on one line. ``prefer`` is the quote it had before: ``''``, ``'`` or ``"``.

    Raises DocumentError for what YAML's own types cannot hold.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(str(value), in_flow=in_flow, prefer=prefer)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(float(value))
    if isinstance(value, datetime):
        return value.isoformat(sep="T")
    if isinstance(value, date):
        return value.isoformat()
    raise DocumentError(
        f"A value of type {type(value).__name__} cannot be written into a flow.",
        hint="Use a text, a number, true or false, a list or a mapping.",
    )


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    if "." not in text:
        # YAML 1.1 takes 1e+16 for a text.
        text = text.replace("e", ".0e")
    return text


def quoted(text: str, *, in_flow: bool = False, prefer: str = "") -> str:
    """A text on one line, plain where that is safe, else in quotes."""
    if "\ud800" <= max(text, default="") <= "\udfff" or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise DocumentError(
            "The text holds a broken character (half of a pair).", hint="Delete the character and try again."
        )
    single = not _TO_ESCAPE.search(text.replace("\\", "").replace('"', ""))
    if prefer == '"':
        return double_quoted(text)
    if not prefer and is_plain(text, in_flow):
        return text
    return "'" + text.replace("'", "''") + "'" if single else double_quoted(text)


def double_quoted(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def is_plain(text: str, in_flow: bool = False) -> bool:
    """Whether a text means itself without quotes, to readers of YAML 1.1 and 1.2 alike."""
    if not text or text != text.strip() or text[0] in _INDICATORS or _UNPRINTABLE.search(text):
        return False
    if "\n" in text or "\r" in text or "\t" in text or ": " in text or " #" in text or text.endswith(":"):
        return False
    if in_flow and any(mark in text for mark in ",[]{}:"):
        return False
    if text.lower() in _WORDS_1_1 or _NUMBERLIKE.fullmatch(text):
        return False
    try:
        return isinstance(plain_value(text), str)
    except NotReadable:
        return False


def literal_lines(text: str) -> list[str] | None:
    """The header (``|`` or ``|-``) and lines of a text in block style, or None where that form could not hold it exactly."""
    body = text[:-1] if text.endswith("\n") else text
    lines = body.split("\n")
    if len(lines) < 2 or "\r" in text or "\t" in text or _UNPRINTABLE.search(text):
        return None
    if not lines[0].strip() or not lines[-1].strip() or lines[0][0] == " ":
        return None
    if any(line and not line.strip() for line in lines):
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]
