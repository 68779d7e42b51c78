"""The runs of a worker, one after another, in its main thread."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine import faults
from flowloom.flows.engine.codec import NotKept
from flowloom.flows.engine.events import Event, Log, RunFinished, RunStarted
from flowloom.flows.engine.loops import run_to_end
from flowloom.flows.engine.workspace import working_directory
from flowloom.flows.errors import FlowloomError, RunCancelled, ToolError, Untrusted, UsageError
from flowloom.flows.node.folder_code import FolderCode
from flowloom.flows.worker.event_lines import EventWriter
from flowloom.flows.worker.health import Health
from flowloom.flows.worker.outbox import Outbox
from flowloom.flows.worker.protocol import Limits, RunRequest, read_request
from flowloom.flows.worker.shelf import Shelf
from flowloom.flows.worker.values import ValueWriter

if TYPE_CHECKING:
    from flowloom.flows.api import LoadedFlow
    from flowloom.flows.engine.event_stream import EventStream

_GRACE: Final = 1.2
"""Seconds that nodes have to stop by themselves, before the whole worker is ended."""


class Session:
    """``run`` and ``loaded`` belong to the main thread; ``cancel`` may be called from any."""

    def __init__(self, outbox: Outbox, limits: Limits, spool: Path, memory: int = 0) -> None:
        self.spool = spool
        self._outbox = outbox
        self._limits = limits
        self._shelf = Shelf()
        # Open for as long as the worker lives, so that how folders are found does not change with the flow at hand.
        self._no_folder = FolderCode(neutral_place(spool))
        self._health = Health(memory)
        self._lock = threading.Lock()
        self._cancelled: set[str] = set()
        self._stop: tuple[str, Callable[[], None]] | None = None

    def cancel(self, run_id: str) -> None:
        """Stop a run, or keep it from beginning."""
        with self._lock:
            self._cancelled.add(run_id)
            if self._stop is not None and self._stop[0] == run_id:
                self._stop[1]()

    def run(self, data: Mapping[str, Any]) -> None:
        """Do one run, and say how this process came through it."""
        run_id = str(data["run_id"])
        run = _Run(self._outbox, run_id, self._limits, self.spool)
        trouble = ""
        try:
            if not self._run(data, run):
                return
        except FlowloomError as error:
            run.fail(error)
        except NotKept as error:
            run.fail(UsageError(f"A value for the run cannot be read: {error}.", hint="Run it afresh."))
        except BaseException as error:
            # Also KeyboardInterrupt and SystemExit: code of the flow may raise them where it is imported.
            trouble = f"{type(error).__name__} came through"
            run.fail(faults.of_the_engine(error) if isinstance(error, Exception) else _breaking_out(error))
        finally:
            with self._lock:
                self._stop = None
                self._cancelled.discard(run_id)
        self._shelf.note_code()
        self._health.restore()
        trouble = trouble or self._health.trouble()
        self._outbox.send(json.dumps({"ended": run_id, "poisoned": trouble}))

    def loaded(self, data: Mapping[str, Any]) -> tuple[RunRequest, LoadedFlow]:
        """The flow that a question is about. Raises FlowloomError."""
        request, _ = read_request(data, self.spool)
        request = trusted(request)
        return request, self._shelf.take(request)

    def _run(self, data: Mapping[str, Any], run: _Run) -> bool:
        """Run it; False where a fresh worker has to."""
        if self._is_cancelled(run.id):
            raise faults.stopped()
        request, lost = read_request(data, self.spool)
        request = trusted(request)
        flow = self._shelf.take(request)
        changed = self._shelf.changed_code(flow, request)
        if changed:
            self._outbox.send(json.dumps({"stale": run.id, "why": changed}))
            return False
        run.flow = flow.flow.name
        run.begin(flow.connections.redactor)
        stream = flow.stream_run(
            request.inputs,
            node=request.node,
            only=request.only,
            given=request.given,
            pins=request.pins,
            cache=request.reuse,
            echo=False,
            grace=_GRACE,
            run_id=run.id,
            exchanges=True,
            watch=run,
        )
        with working_directory(flow.working_folder()):
            # The flow's code is imported before there is a loop, as its authors expect of import time.
            stream.prepare()
            run_to_end(self._follow(stream, run, lost))
        return True

    async def _follow(self, stream: EventStream, run: _Run, lost: tuple[str, ...]) -> None:
        import asyncio

        loop = asyncio.get_running_loop()

        def stop() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and the run with it
                loop.call_soon_threadsafe(stream.cancel)

        with self._lock:
            self._stop = (run.id, stop)
            if run.id in self._cancelled:
                stream.cancel()
        run.lost = lost
        async with stream:
            await stream.result()

    def _is_cancelled(self, run_id: str) -> bool:
        with self._lock:
            return run_id in self._cancelled


def _breaking_out(error: BaseException) -> FlowloomError:
    return ToolError(
        f"The flow's code raised {type(error).__name__} outside of its nodes, which ended the run.",
        hint="Look at what its Python files do while they are imported.",
    )


class _Run:
    """One run on its way out: every event of it, and exactly one last one. Callable with an event."""

    def __init__(self, outbox: Outbox, run_id: str, limits: Limits, spool: Path) -> None:
        self.id = run_id
        self.flow = ""
        self.lost: tuple[str, ...] = ()
        self._outbox = outbox
        self._limits = limits
        self._spool = spool
        self._name = json.dumps(run_id)
        self._writer = self._make_writer(Redactor())
        self._started = False
        self._finished = False
        self._at = time.perf_counter()

    def begin(self, redactor: Redactor) -> None:
        """From now on these secrets are masked."""
        self._writer = self._make_writer(redactor)

    def __call__(self, event: Event) -> None:
        self._started = self._started or isinstance(event, RunStarted)
        self._finished = self._finished or isinstance(event, RunFinished)
        self._writer(event)
        if isinstance(event, RunStarted):
            for name in self.lost:
                words = f"The output of '{name}' cannot be carried over from the earlier run, so it runs again."
                self._writer(Log(name, words))

    def fail(self, error: FlowloomError) -> None:
        """End the run with an error, unless it has ended."""
        if self._finished:
            return
        if not self._started:
            self(RunStarted(self.id, self.flow, (), time.time()))
        status = "cancelled" if isinstance(error, RunCancelled) else "failed"
        self(RunFinished(self.id, status, {}, error, time.perf_counter() - self._at))

    def _make_writer(self, redactor: Redactor) -> EventWriter:
        values = ValueWriter(
            self._spool, self._limits.value, self._limits.preview, lambda value: redactor.redact(value) if redactor else value
        )
        return EventWriter(
            values,
            redactor,
            lambda text: self._outbox.event(self._name, text),
            lambda node, channel, text: self._outbox.piece(self._name, node, channel, text),
            self._limits.output,
        )


def trusted(request: RunRequest) -> RunRequest:
    """The request over exactly the texts whose hash is trusted. Raises Untrusted where the folder is not what was trusted."""
    if not request.trust:
        return request
    from flowloom.flows.document import read
    from flowloom.flows.document.trust import what_runs

    found = what_runs(read(request.path, overlay=request.overlay))
    if found.hash != request.trust:
        raise Untrusted(
            "The flow's folder is not what you trusted: something that runs was changed outside of the studio.",
            hint="Look at what changed, then trust the folder again.",
        )
    return replace(request, overlay={**request.overlay, **found.texts})


def neutral_place(spool: Path) -> str:
    """An empty folder to be in while no flow runs."""
    place = spool / "empty"
    place.mkdir(exist_ok=True)
    os.chdir(place)
    return str(place)
