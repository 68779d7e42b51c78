"""Keeps stdout for results while a flow runs: whatever else is written to stdout or stderr, by Python, by C code or by child processes,
is collected, secrets are masked, and it goes to stderr (or to whoever draws on the terminal).
"""

from __future__ import annotations

import codecs
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

from flowloom.flows.cli import sink

_PIPE_BYTES: Final = 1 << 20
_GRACE: Final = 2.0
Forward = Callable[[str], None]


class Terminal:
    """The two streams people and programs see, set aside while a flow runs.

    ``results`` is what stdout was, ``people`` what stderr was. ``forward`` may be replaced to show collected text elsewhere.
    """

    def __init__(self, results: TextIO, people: TextIO) -> None:
        self.results = results
        self.people = people
        self.forward: Forward = self._to_people

    def _to_people(self, text: str) -> None:
        with suppress(OSError, ValueError):  # whoever read stderr is gone: the run goes on
            sink.write(self.people, text)
            self.people.flush()


@contextmanager
def results_alone() -> Iterator[Terminal]:
    """Collect everything that is written to stdout and stderr, until the end of the block."""
    with _by_descriptor() if _have_descriptors() else _by_object() as terminal:
        yield terminal


def _have_descriptors() -> bool:
    try:
        return sys.stdout.fileno() == 1 and sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def _by_descriptor() -> Iterator[Terminal]:
    stdout, stderr = sys.stdout, sys.stderr
    stdout.flush()
    stderr.flush()
    results, people = _private(stdout, 1), _private(stderr, 2)
    terminal = Terminal(results, people)
    reading, writing = os.pipe()
    _enlarge(writing)
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    os.close(writing)
    collector = threading.Thread(target=_collect, args=(reading, terminal), name="flowloom-output", daemon=True)
    collector.start()
    sys.stdout = sys.stderr  # one order for both
    try:
        yield terminal
    finally:
        sys.stdout = stdout
        for stream in (stdout, stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        with suppress(OSError, ValueError):
            results.flush()
        os.dup2(results.fileno(), 1)
        os.dup2(people.fileno(), 2)
        # A child process that lives on may hold the pipe open: its output is not waited for.
        collector.join(_GRACE)
        for stream in (results, people):
            with suppress(OSError, ValueError):
                stream.close()


def _private(stream: TextIO, number: int) -> TextIO:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return open(os.dup(number), "w", encoding=encoding, errors="backslashreplace", newline="\n" if os.name != "nt" else None)


def _enlarge(writing: int) -> None:
    """More room makes it unlikely that C code, which may print while no other thread can run, waits for the collector."""
    with suppress(ImportError, OSError, AttributeError):
        import fcntl

        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _collect(reading: int, terminal: Terminal) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    masked = _Masked()
    while True:
        try:
            data = os.read(reading, 1 << 16)
        except OSError:
            data = b""
        text = masked.feed(decoder.decode(data, final=not data))
        if not data:
            text += masked.flush()
        if text:
            terminal.forward(text)
        if not data:
            os.close(reading)
            return


class _Masked:
    """Masks secrets in text that comes in pieces, with the secrets known by the time of each piece."""

    def __init__(self) -> None:
        self._redactor = sink.redactor()
        self._stream = self._redactor.stream()

    def feed(self, text: str) -> str:
        ready = ""
        if self._redactor is not sink.redactor():
            ready = self.flush()
            self._redactor = sink.redactor()
            self._stream = self._redactor.stream()
        return ready + self._stream.feed(text)

    def flush(self) -> str:
        return self._stream.flush()


class _Writer:
    """Stands in for ``sys.stdout`` and ``sys.stderr`` where those are objects of a host program, without descriptors."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._masked = _Masked()
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        with self._lock:
            ready = self._masked.feed(text)
            if ready:
                self._terminal.forward(ready)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def finish(self) -> None:
        with self._lock:
            rest = self._masked.flush()
            if rest:
                self._terminal.forward(rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal.people, name)


@contextmanager
def _by_object() -> Iterator[Terminal]:
    stdout, stderr = sys.stdout, sys.stderr
    terminal = Terminal(stdout, stderr)
    writer = _Writer(terminal)
    sys.stdout = sys.stderr = writer  # type: ignore[assignment]
    try:
        yield terminal
    finally:
        writer.finish()
        sys.stdout, sys.stderr = stdout, stderr
