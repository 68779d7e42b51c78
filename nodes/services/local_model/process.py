"""The process that holds a model, seen from the one that asks it: started on first use, shared, ended when idle, replaced when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any, Final, Literal

from flowloom.flows.errors import (
    BadRequest,
    ContextLengthExceeded,
    MissingExtra,
    ModelError,
    ServiceUnavailable,
    StreamBroken,
)

SERVICE: Final = "FLOWLOOM_SERVICE"
"""Marks processes that a service keeps between runs."""
IDLE_SECONDS: Final = 300.0
MOST_CONTEXT: Final = 8192
"""Tokens. A model that can read more would take gigabytes for it."""
_NO_WINDOW_OWN_GROUP: Final = 0x08000200
_HEARD_SECONDS: Final = 15.0
"""How long a process may take to acknowledge a cancel before it counts as hung."""

State = Literal["stopped", "starting", "ready"]


def runtime_folder() -> str:
    """The folder that holds the package xllamacpp. Raises MissingExtra where it is not installed. Imports nothing."""
    import importlib.util

    spec = importlib.util.find_spec("xllamacpp")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra(
            "The part of Flowloom that runs a model on this computer is not installed.",
            hint="pip install 'flowloom[local]'",
        )
    return str(Path(next(iter(spec.submodule_search_locations))).parent)


class _Mailbox:
    """Hands messages from the reading thread to the coroutine that waits for them, in whichever loop that runs."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    def put(self, message: Mapping[str, Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._messages.put_nowait, message)

    async def get(self) -> Mapping[str, Any]:
        return await self._messages.get()


class _Gone(Exception):
    """The process died. ``why`` is empty or words in parentheses, ``log`` its last words."""

    def __init__(self, why: str, log: str, loading: bool) -> None:
        super().__init__(why)
        self.why = why
        self.log = log
        self.loading = loading


class _Running:
    """One living process: its pipes, its threads, and who waits for what."""

    def __init__(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        self.process = process
        self.log = log
        self.outbox: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self.waiting: dict[int, _Mailbox] = {}
        self.unheard: set[int] = set()
        self.state: State = "starting"
        self.load_seconds: float | None = None
        self.failure = ""
        self.buried = threading.Event()


class ModelProcess:
    """One model file and the process that runs it, for all threads and loops of this process. Safe to call from any of them."""

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        context: int | None = None,
        idle_seconds: float = IDLE_SECONDS,
        niceness: int = 0,
    ) -> None:
        self._niceness = niceness
        self.path = path
        self.title = title
        self.context = min(context or MOST_CONTEXT, MOST_CONTEXT)
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._numbers = itertools.count(1)

    def status(self) -> dict[str, Any]:
        """``{"state": "stopped|starting|ready", "pid", "load_seconds", "waiting"}``; ``waiting`` counts requests not yet answered."""
        with self._lock:
            running = self._running
            if running is None:
                return {"state": "stopped", "pid": None, "load_seconds": None, "waiting": 0}
            return {
                "state": running.state,
                "pid": running.process.pid,
                "load_seconds": running.load_seconds,
                "waiting": len(running.waiting),
            }

    async def generate(
        self, body: Mapping[str, Any], schema: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The runtime's chunks for one request, as they come. Closing the generator, or a cancel, stops the model.

        Raises BadRequest, ContextLengthExceeded; ServiceUnavailable where the model cannot be loaded or dies before its first word, and
        StreamBroken where it dies after it.
        """
        attempts = 0
        while True:
            attempts += 1
            began = False
            try:
                async with aclosing(self._attempt(body, schema)) as chunks:
                    async for chunk in chunks:
                        began = began or any(
                            (choice.get("delta") or {}).get("content") for choice in chunk.get("choices", ())
                        )
                        yield chunk
                return
            except _Gone as gone:
                # What died before it said a word, perhaps while nobody asked it anything, is asked once more.
                if began or gone.loading or attempts > 1:
                    raise self._death(gone, began) from None

    async def _attempt(
        self, body: Mapping[str, Any], schema: Mapping[str, Any] | None
    ) -> AsyncGenerator[dict[str, Any], None]:
        mailbox = _Mailbox()
        number = next(self._numbers)
        running = self._ask(number, mailbox, {"id": number, "body": dict(body), "schema": schema})
        finished = False
        try:
            while True:
                message = await mailbox.get()
                if "chunk" in message:
                    yield message["chunk"]
                    continue
                finished = True
                if "error" in message:
                    raise self._refusal(message["error"])
                if "gone" in message:
                    raise message["gone"]
                return
        finally:
            self._leave(running, number, finished)

    def stop(self) -> None:
        """End the process at once; whoever still waits for it is told. The next request starts another."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.process.kill()
            running.buried.wait(timeout=5)

    def _ask(self, number: int, mailbox: _Mailbox, message: Mapping[str, Any]) -> _Running:
        with self._lock:
            running = self._running
            if running is None:
                running = self._running = self._start()
            running.waiting[number] = mailbox
            running.outbox.put(message)
            return running

    def _start(self) -> _Running:
        options = {
            "model": str(self.path),
            "context": self.context,
            "packages": runtime_folder(),
            "idle_seconds": self._idle_seconds,
            "parent": os.getpid(),
            "niceness": self._niceness,
        }
        log = tempfile.TemporaryFile(prefix="flowloom-model-")  # noqa: SIM115
        windows = os.name == "nt"
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("host.py")), json.dumps(options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Where a worker runs the flow, this process is meant to outlive the run.
                env={**os.environ, SERVICE: "1"},
                # A process group of its own: Ctrl+C in a terminal is for whoever asked, not for the model.
                process_group=None if windows else 0,
                creationflags=_NO_WINDOW_OWN_GROUP if windows else 0,
            )
        except OSError as error:
            log.close()
            raise ServiceUnavailable(
                f"The model {self.title} cannot be started: {error.strerror}.",
                hint="Check that Python can be started on this computer.",
            ) from error
        running = _Running(process, log)
        for work in (self._read, self._write):
            threading.Thread(target=work, args=(running,), name=f"flowloom-model-{work.__name__}", daemon=True).start()
        return running

    def _write(self, running: _Running) -> None:
        pipe = running.process.stdin
        assert pipe is not None
        # The reader sees the end of a dead process and tells everybody, so a broken pipe is not news here.
        with contextlib.suppress(OSError), pipe:
            while (message := running.outbox.get()) is not None:
                pipe.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
                pipe.flush()

    def _read(self, running: _Running) -> None:
        pipe = running.process.stdout
        assert pipe is not None
        with pipe:
            for line in pipe:
                if not self._take(running, json.loads(line)):
                    break
        self._bury(running)

    def _take(self, running: _Running, message: Mapping[str, Any]) -> bool:
        """Handle one message of the process; False where it is to end."""
        if "id" in message:
            with self._lock:
                mailbox = running.waiting.get(message["id"])
            if mailbox is not None:
                mailbox.put(message)
        elif "ready" in message:
            with self._lock:
                running.state, running.load_seconds = "ready", message["ready"]["seconds"]
        elif "failed" in message:
            running.failure = message["failed"]
        elif "acknowledged" in message:
            running.unheard.discard(message["acknowledged"])
        elif "idle" in message:
            with self._lock:
                if running.waiting:
                    return True
                if self._running is running:
                    self._running = None
            return False
        return True

    def _bury(self, running: _Running) -> None:
        """The process is gone, or is to go: wait for it and tell whoever still hopes for an answer."""
        running.process.kill()
        code = running.process.wait()
        with self._lock:
            if self._running is running:
                self._running = None
            orphans, running.waiting = list(running.waiting.values()), {}
        running.outbox.put(None)
        with running.log as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4000))
            text = log.read().decode(errors="replace").strip()
        loading = running.state == "starting"
        for mailbox in orphans:
            mailbox.put({"gone": _Gone(_why(code, running.failure), text, loading)})
        running.buried.set()

    def _leave(self, running: _Running, number: int, finished: bool) -> None:
        """Stop waiting for an answer. Where it was not finished, the process is told; where it does not even hear, it is replaced."""
        with self._lock:
            running.waiting.pop(number, None)
            if finished or self._running is not running:
                return
            running.unheard.add(number)
            running.outbox.put({"cancel": number})
            loaded = running.state == "ready"
        if loaded:  # while it loads, it hears nobody
            timer = threading.Timer(_HEARD_SECONDS, self._replace_if_deaf, (running, number))
            timer.daemon = True
            timer.start()

    def _replace_if_deaf(self, running: _Running, number: int) -> None:
        if number in running.unheard and running.process.poll() is None:
            with self._lock:
                if self._running is running:
                    self._running = None
            running.process.kill()

    def _refusal(self, error: Mapping[str, Any]) -> ModelError:
        words = str(error.get("message") or error)
        if error.get("type") == "exceed_context_size_error":
            return ContextLengthExceeded(
                f"The prompt has {error['n_prompt_tokens']:,} tokens; {self.title} reads at most {error['n_ctx']:,}.",
                hint="Shorten the prompt or its inputs, or choose a connection to a model that reads more.",
                status=400,
            )
        return BadRequest(
            f"{self.title} cannot answer this request: {words}", hint="Correct the node's settings.", detail=words
        )

    def _death(self, gone: _Gone, began: bool) -> ModelError:
        what = "could not be loaded" if gone.loading else "stopped while it was answering"
        message = f"The model {self.title} {what}{gone.why}."
        hint = "Run it again: the model is started afresh. If that repeats, close other programs or choose a smaller model."
        kind = StreamBroken if began else ServiceUnavailable
        return kind(message, hint=hint, detail=gone.log)


def _why(code: int, failure: str) -> str:
    if failure:
        return f" ({failure})"
    if code < 0:
        return f" (signal {-code})"
    return f" (exit code {code})" if code else ""
