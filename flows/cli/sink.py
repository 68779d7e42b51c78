"""The one place through which a command writes to people: secrets masked, control characters made harmless, colours where they help.

Results a program reads (the object of ``--json``) go to stdout as they are; everything else goes to stderr through ``say``.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

from flowloom.flows.connections.redact import Redactor

_STYLES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36", "magenta": "35"}
# All of C0 but tab, line feed and carriage return, then DEL, C1, and the marks that turn the direction of text around.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

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
    """Write a line for people, to stderr. What a flow or a service put into it cannot move the cursor or ring the bell."""
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
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}", text)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream, on a terminal that can do more than print."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:
        return False


def has_colour(stream: TextIO | None) -> bool:
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def style(text: str, *names: str, stream: TextIO | None = None) -> str:
    """``text`` in a style such as ``bold`` or ``red`` where ``stream`` (stderr unless given) shows colours."""
    if not text or not has_colour(sys.stderr if stream is None else stream):
        return text
    return f"\x1b[{';'.join(_STYLES[name] for name in names)}m{text}\x1b[0m"


class MaskedWriter:
    """Stands in for ``sys.stdout`` or ``sys.stderr`` while a flow runs, so that its own prints are masked too.

    A secret that is written in pieces is masked as well: what may be its beginning waits for the next piece or for ``close``.
    """

    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._redactor = _redactor
        self._stream = _redactor.stream()
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        with self._lock:
            ready = ""
            if self._redactor is not _redactor:  # the connections are known by now
                ready, self._redactor = self._stream.flush(), _redactor
                self._stream = _redactor.stream()
            ready += self._stream.feed(text)
            if ready:
                write(self._target, ready)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def finish(self) -> None:
        """Write what still waits."""
        with self._lock:
            write(self._target, self._stream.flush())
        with suppress(OSError, ValueError):
            self._target.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def __iter__(self) -> Iterator[str]:
        return iter(())


@contextmanager
def results_alone() -> Iterator[TextIO]:
    """Keep stdout for results: gives the stream to write them to, while everything else that is written to stdout, from Python, from C
    or by a child process, lands on stderr."""
    results, restore = _set_aside(sys.stdout)
    before = sys.stdout, sys.stderr
    masked = MaskedWriter(sys.stderr)
    sys.stdout = sys.stderr = masked  # type: ignore[assignment]
    try:
        yield results
    finally:
        sys.stdout, sys.stderr = before
        masked.finish()
        restore()


def _set_aside(stdout: TextIO) -> tuple[TextIO, Any]:
    """A private copy of descriptor 1, which itself is pointed at stderr's. Where stdout is no descriptor (a host program's own object)
    the object itself is used."""
    try:
        number, errors = stdout.fileno(), sys.__stderr__.fileno() if sys.__stderr__ else -1
        if number != 1 or errors < 0:
            return stdout, lambda: None
        stdout.flush()
        private = os.dup(number)
        os.dup2(errors, number)
    except (OSError, ValueError, AttributeError):
        return stdout, lambda: None
    results = open(private, "w", encoding="utf-8", errors="backslashreplace", newline="\n", closefd=True)  # noqa: SIM115

    def restore() -> None:
        try:
            results.flush()
        finally:
            with suppress(OSError, ValueError):
                stdout.flush()
            os.dup2(private, number)
            with suppress(OSError, ValueError):
                results.close()

    return results, restore
