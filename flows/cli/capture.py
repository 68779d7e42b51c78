"""Keeps stdout for results while a flow runs: whatever else is written to stdout or stderr, by Python, by C code or by
child processes, is collected, secrets are masked, and it goes to stderr (or to whoever draws on the terminal).
"""

from __future__ import annotations

import codecs
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

from flowloom.flows.cli import sink

_PIPE_BYTES: Final = 1 << 20
_GRACE: Final = 2.0
Forward = Callable[[str], None]


class Terminal:
    """The two streams people and programs see, set aside while a flow runs.

    ``results`` is what stdout was, ``people`` what stderr was. ``forward`` may be replaced to show collected text
    elsewhere."""

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
    collector = _Collector(reading, terminal)
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
        collector.finish()
        for stream in (results, people):
            with suppress(OSError, ValueError):
                stream.close()


def _private(stream: TextIO, number: int) -> TextIO:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return open(
        os.dup(number), "w", encoding=encoding, errors="backslashreplace", newline="\n" if os.name != "nt" else None
    )


def _enlarge(writing: int) -> None:
    """More room makes it unlikely that C code, which may print while no other thread can run, waits for the
    collector.
    """
    with suppress(ImportError, OSError, AttributeError):
        import fcntl

        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


class _Collector(threading.Thread):
    """Reads the pipe, masks secrets and passes on."""

    def __init__(self, reading: int, terminal: Terminal) -> None:
        super().__init__(name="flowloom-output", daemon=True)
        self._reading = reading
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._masked = _Masked()
        self._lock = threading.Lock()

    def run(self) -> None:
        data = b"-"
        while data:
            self._is_ready(None)
            with self._lock:  # between reading and passing on nobody may take the pipe for empty
                try:
                    data = os.read(self._reading, 1 << 16)
                except OSError:
                    data = b""
                self._pass_on(self._masked.feed(self._decoder.decode(data, final=not data)))
        with self._lock:
            self._pass_on(self._masked.flush())
        os.close(self._reading)

    def finish(self) -> None:
        """Wait until everything written so far is passed on. A child process that lives on may hold the pipe open, and
        is not waited for.
        """
        deadline = time.monotonic() + _GRACE
        while self.is_alive() and time.monotonic() < deadline:
            self.join(0.02)
            if os.name == "nt":
                continue
            with self._lock:
                if self.is_alive() and not self._is_ready(0):
                    self._pass_on(self._masked.flush())
                    return

    def _is_ready(self, seconds: float | None) -> bool:
        """Wait until there is something to read, or the pipe's end."""
        if os.name == "nt":
            return True  # select knows only sockets there; reading itself waits
        import select

        with suppress(OSError, ValueError):
            return bool(select.select([self._reading], [], [], seconds)[0])
        return True

    def _pass_on(self, text: str) -> None:
        if text:
            self._terminal.forward(text)


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
    """Stands in for ``sys.stdout`` and ``sys.stderr`` where those are objects of a host program, without
    descriptors.
    """

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
