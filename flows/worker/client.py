"""One worker process, seen from the process that started it."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from flowloom.flows.engine.codec import NotKept
from flowloom.flows.engine.events import Event
from flowloom.flows.worker.delivery import Delivery
from flowloom.flows.worker.event_lines import read_event
from flowloom.flows.worker.processes import MARK, end_all, remove_group
from flowloom.flows.worker.protocol import MOST_LINE, Limits

BATCHES: Final = 60
"""How many batches of events a listener gets in a second, at most."""
_PIPE: Final = 1 << 20
_PIECE: Final = 1 << 14
_SLICE_SECONDS: Final = 0.004
"""How long lines are turned into events at a stretch: other threads, the window's above all, wait no longer."""
_SAYINGS: Final = ("log", "node_delta")
_TAIL: Final = 64 * 1024
_FREELY: Final = 8 << 20
"""Bytes of log that are read as fast as they come; what comes after is read at a pace."""
_NOT_INHERITED: Final = frozenset({"PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONBREAKPOINT", "PYTHONPROFILEIMPORTTIME"})

class _Unreadable(Exception):
    """A line that no worker in its right mind sends."""


Post = Callable[["WorkerProcess", str, Any], None]


class WorkerProcess:
    """``post`` is told, from threads of this object's own: ``message`` (one that is no event), ``finished`` (the delivery whose last event
    was handed on) and, last, ``exit`` (the exit code, negative for a signal, None where it could not even be started)."""

    def __init__(self, spool: Path, limits: Limits, post: Post) -> None:
        self.token = os.urandom(16).hex()
        self.group = ""
        self.ready = False
        self.delivery: Delivery | None = None
        self.why = ""
        """Why it was ended, where that is known."""
        self.pid = 0
        self.born = time.monotonic()
        self._spool = spool
        self._limits = limits
        self._post = post
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._tail = bytearray()
        self._kill_lock = threading.Lock()
        self._gone = False
        self._dead = threading.Event()
        threading.Thread(target=self._live, name="flowloom-worker", daemon=True).start()

    @property
    def log(self) -> str:
        """The last words of its log."""
        return bytes(self._tail).decode(errors="replace")

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message. What cannot be written any more is no news: ``exit`` will be."""
        self._outbox.put(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def kill(self, why: str) -> None:
        """End the process, its group and all its descendants, now and once for all."""
        self.why = self.why or why
        with self._kill_lock:
            if self.pid and not self._gone:
                self._gone = True
                end_all(self.pid, self.token, self.group)

    # The life of the process

    def _live(self) -> None:
        # The thread that starts the process lives as long as it: where the system ends a process with its parent, it means this thread.
        try:
            process = self._start()
        except OSError as error:
            self.why = f"it cannot be started: {error.strerror or error}"
            self._post(self, "exit", None)
            return
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.pid = process.pid
        work = ((self._write, process.stdin), (self._read, process.stdout), (self._read_log, process.stderr))
        threads = [threading.Thread(target=target, args=(pipe,), name=f"flowloom{target.__name__}", daemon=True) for target, pipe in work]
        self.send({"start": {"limits": asdict(self._limits), "spool": str(self._spool), "parent": os.getpid()}})
        for thread in threads:
            thread.start()
        if self.why:
            self.kill("")  # it was ended before it was there
        if hasattr(os, "waitid"):
            # Not reaped yet, so that its number still means it while its descendants are sought.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        else:
            process.wait()
        self._dead.set()
        self.kill("")
        code = process.wait()
        remove_group(self.group)
        self._outbox.put(None)
        for thread in threads[1:]:
            thread.join(2.0)
        self._post(self, "exit", code)

    def _start(self) -> subprocess.Popen[bytes]:
        here = self._spool / "empty"
        here.mkdir(exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        environment[MARK] = self.token
        windows = os.name == "nt"
        return subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("child.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=here,
            env=environment,
            start_new_session=not windows,
            creationflags=0x08000200 if windows else 0,
        )

    def _write(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while (data := self._outbox.get()) is not None:
                view = memoryview(data)
                while view:
                    view = view[os.write(pipe.fileno(), view) :]

    # What it says

    def _read(self, pipe: IO[bytes]) -> None:
        _enlarge(pipe)
        unread = bytearray()
        with pipe:
            try:
                while data := os.read(pipe.fileno(), 1 << 16):
                    unread += data
                    if b"\n" not in data:
                        if len(unread) > MOST_LINE:
                            raise _Unreadable("an endless line")
                        continue
                    lines = deque(bytes(unread).split(b"\n"))
                    unread = bytearray(lines.pop())
                    while lines:
                        if self._take(lines) and not self.why:
                            # While this waits, what comes gathers in the pipe: a batch costs one awakening, however much it holds.
                            time.sleep(1 / BATCHES)
            except _Unreadable as error:
                threading.Thread(target=self.kill, args=(f"it sent something unreadable: {error}",), daemon=True).start()
                # Until it is dead it may say what it likes.
                while os.read(pipe.fileno(), 1 << 16):
                    pass
        if not self._dead.wait(0.5):
            self.kill("its way to the studio was closed")

    def _take(self, lines: deque[bytes]) -> bool:
        """Handle some lines, taking them away; True where events were handed on and more of the run is to come."""
        events: list[Event] = []
        delivery = self.delivery
        handed = False
        until = time.monotonic() + _SLICE_SECONDS
        while lines and time.monotonic() < until:
            line = lines.popleft()
            try:
                message = json.loads(line)
                if "r" in message:
                    # Of a run whose worker is being ended only what it came to still matters, not all it had to say.
                    wanted = not self.why or message["e"].get("type") not in _SAYINGS
                    if delivery is not None and message["r"] == delivery.request.run_id and wanted:
                        events.append(read_event(message["e"], self._spool))
                    continue
            except (ValueError, KeyError, TypeError, AttributeError, NotKept, RecursionError) as error:
                raise _Unreadable(f"{type(error).__name__}: {error}") from error
            handed = self._hand_on(delivery, events) or handed
            self._post(self, "message", message)
            delivery = self.delivery
        return self._hand_on(delivery, events) or handed

    def _hand_on(self, delivery: Delivery | None, events: list[Event]) -> bool:
        if delivery is None or not events:
            return False
        delivery.deliver(events)
        events.clear()
        if delivery.is_over:
            self._post(self, "finished", delivery)
            return False
        return True

    def _read_log(self, pipe: IO[bytes]) -> None:
        _enlarge(pipe)
        seen = 0
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with pipe:
            # Small pieces as long as they are shown line by line, great ones to get rid of a flood.
            while data := os.read(pipe.fileno(), _PIECE if seen < _FREELY else _PIPE):
                seen += len(data)
                self._tail += data[-_TAIL:]
                del self._tail[: max(0, len(self._tail) - _TAIL)]
                delivery = self.delivery
                if delivery is not None and delivery.wants_log:
                    delivery.log(decode(data))
                    time.sleep(0.001)
                if seen > _FREELY:
                    time.sleep(0.002)


def _enlarge(pipe: IO[bytes]) -> None:
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
