"""The worker's end of the pipe to its supervisor."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import Final

from flowloom.flows.worker.event_lines import delta_text

PACE: Final = 1 / 60
"""Seconds between two pieces of a stream on their way: what comes in between travels together."""
LOST_PIPE: Final = 74
"""The exit code of a worker whose pipe was taken away."""


class Outbox:
    """Writes lines from any thread, at once where the pipe has room; a thread of its own writes the rest.

    The descriptor is the worker's own, but code of flows runs in the same process: where something else lies under its number, the worker
    ends rather than write into somebody's file.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pipe = _identity(descriptor)
        if os.name == "posix":
            os.set_blocking(descriptor, False)
        self._waiting = bytearray()
        self._piece: tuple[str, str, str] | None = None
        self._texts: list[str] = []
        self._written = 0.0
        self._change = threading.Condition()
        threading.Thread(target=self._work, name="flowloom-outbox", daemon=True).start()

    def send(self, text: str) -> None:
        """Send one JSON object."""
        with self._change:
            self._take_piece()
            self._put(text)
            self._write()

    def event(self, run: str, text: str) -> None:
        """Send an event of a run, given as JSON."""
        self.send(f'{{"r":{run},"e":{text}}}')

    def piece(self, run: str, node: str, channel: str, text: str) -> None:
        """Send a piece of a stream, soon: pieces that wait become one."""
        with self._change:
            key = (run, node, channel)
            if self._piece != key:
                self._take_piece()
                self._piece = key
            self._texts.append(text)
            if time.monotonic() - self._written >= PACE:
                self._take_piece()
                self._write()
            else:
                self._change.notify()

    def flush(self, seconds: float) -> None:
        """Wait until everything is written, at most ``seconds``."""
        deadline = time.monotonic() + seconds
        with self._change:
            self._take_piece()
            self._write()
            while self._waiting and (left := deadline - time.monotonic()) > 0:
                self._change.wait(min(left, 0.05))

    def _put(self, text: str) -> None:
        self._waiting += text.encode("utf-8", "backslashreplace") + b"\n"

    def _take_piece(self) -> None:
        if self._piece is not None:
            run, node, channel = self._piece
            self._put(f'{{"r":{run},"e":{delta_text(node, channel, "".join(self._texts))}}}')
            self._piece = None
            self._texts = []

    def _write(self) -> None:
        """Write what the pipe takes now. For whoever holds the lock."""
        self._written = time.monotonic()
        try:
            if _identity(self._descriptor) != self._pipe:
                os._exit(LOST_PIPE)
            while self._waiting:
                done = os.write(self._descriptor, memoryview(self._waiting)[: 1 << 16])
                del self._waiting[:done]
        except BlockingIOError:
            self._change.notify_all()
        except OSError:
            os._exit(LOST_PIPE)  # nobody reads any more, or the pipe was closed

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._waiting and self._piece is None:
                    self._change.wait()
                due = self._written + PACE - time.monotonic() if not self._waiting else 0.0
            if due > 0:
                time.sleep(due)
            elif os.name == "posix":
                try:
                    select.select((), (self._descriptor,), (), 1.0)
                except (OSError, ValueError):
                    os._exit(LOST_PIPE)
            with self._change:
                self._take_piece()
                self._write()


def _identity(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino
