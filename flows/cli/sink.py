"""The one place through which a command writes to people: secrets masked, control characters made harmless, colours
where they help.

Results a program reads (the object of ``--json``) go to stdout as they are; everything else goes to stderr through
``say``."""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Final, TextIO

from flowloom.flows.connections.redact import Redactor

_STYLES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "magenta": "35",
}
# All of C0 but tab, line feed and carriage return, then DEL, C1, and the marks that turn the direction of text around.
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"

_redactor = Redactor()


def use(redactor: Redactor) -> None:
    """Mask the secrets of this redactor from now on in everything that is written for people."""
    global _redactor
    _redactor = redactor


def redactor() -> Redactor:
    return _redactor


def redact(value: Any) -> Any:
    return _redactor.redact(value)


def say(text: str = "", *, end: str = "\n") -> None:
    """Write a line for people, to stderr. What a flow or a service put into it cannot move the cursor or ring the
    bell.
    """
    write(sys.stderr, f"{_redactor.redact(text)}{end}")


def tell(text: str = "", *, end: str = "\n") -> None:
    """Write a line for people that is the answer to the command, to stdout."""
    write(sys.stdout, f"{_redactor.redact(text)}{end}")


def write(stream: TextIO | None, text: str) -> None:
    """Write text to a stream whatever its encoding; characters it lacks become escapes."""
    if stream is None:
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = getattr(stream, "encoding", None) or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def clean(text: str) -> str:
    """Text of others, safe to show on a terminal."""
    if text.isprintable():
        return text
    return re.sub(
        _CONTROL, lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}", text
    )


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream, on a terminal that can do more than print."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:
        return False


def size(stream: TextIO | None) -> tuple[int, int]:
    """Columns and lines of the terminal behind the stream; 80 by 24 where there is none. ``COLUMNS`` and ``LINES`` come
    first.
    """
    columns, lines = 80, 24
    try:
        columns, lines = os.get_terminal_size(stream.fileno() if stream is not None else 1)
    except (OSError, ValueError, AttributeError):
        pass
    given = os.environ.get("COLUMNS", ""), os.environ.get("LINES", "")
    return int(given[0]) if given[0].isdigit() else columns or 80, int(given[1]) if given[1].isdigit() else lines or 24


def has_colour(stream: TextIO | None) -> bool:
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def style(text: str, *names: str, stream: TextIO | None = None) -> str:
    """``text`` in a style such as ``bold`` or ``red`` where ``stream`` (stderr unless given) shows colours."""
    if not text or not has_colour(sys.stderr if stream is None else stream):
        return text
    return f"\x1b[{';'.join(_STYLES[name] for name in names)}m{text}\x1b[0m"
