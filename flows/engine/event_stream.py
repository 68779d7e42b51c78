"""A run and its events, for whoever iterates over them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine.event_queue import EventQueue
from flowloom.flows.engine.events import Event
from flowloom.flows.engine.result import RunResult
from flowloom.flows.engine.run import Run, RunOptions, failed_run
from flowloom.flows.errors import FlowloomError, UsageError

if TYPE_CHECKING:
    from flowloom.flows.connections.redact import Redactor
    from flowloom.flows.engine.prepare import PreparedFlow

class EventStream:
    """A run and its events: ``async with stream as events: async for event in events``.

    The run starts with ``async with``, which does not end before every node has stopped; leaving it early cancels the run. What goes
    wrong in the flow is in the last event and in ``result``, and raises nothing.
    """

    def __init__(
        self,
        flow: str,
        prepare: Callable[[], PreparedFlow],
        inputs: Mapping[str, Any],
        options: RunOptions,
        redactor: Redactor,
        recorder: Callable[[Event], None] | None = None,
    ) -> None:
        self._flow = flow
        self._prepare = prepare
        self._inputs = inputs
        self._options = options
        self._redactor = redactor
        self._recorder = recorder
        self._prepared: PreparedFlow | FlowloomError | None = None
        self._queue = EventQueue()
        self._run: Run | None = None
        self._task: asyncio.Task[Callable[[], RunResult]] | None = None
        self._cancelled = False

    def prepare(self) -> None:
        """Make the flow ready ahead of the run; what goes wrong shows in the run."""
        if self._prepared is None:
            try:
                self._prepared = self._prepare()
            except FlowloomError as error:
                self._prepared = error

    async def run(self) -> RunResult:
        """Run without events, on the caller's loop. Cancelling the caller stops every node before it raises."""
        return (await self._execute(lambda event: None))()

    def cancel(self) -> None:
        """Stop the run, from its loop's thread; the events then end with status ``cancelled``."""
        self._cancelled = True
        if self._run is not None:
            self._run.cancel()

    async def result(self) -> RunResult:
        """Wait for the end and return what the run came to; events not read by then are dropped."""
        if self._task is None:
            raise UsageError("The run has not started.", hint="Write 'async with flow.stream(...) as events:' first.")
        if not self._task.done():
            self._queue.discard()
        return (await asyncio.shield(self._task))()

    async def __aenter__(self) -> EventStream:
        if self._task is not None:
            raise UsageError("This run was started before.", hint="Call flow.stream(...) again for another run.")
        self._task = asyncio.get_running_loop().create_task(self._execute(self._queue.put, self._queue))
        self._task.add_done_callback(lambda task: self._queue.end())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        interrupted: asyncio.CancelledError | None = None
        if not self._task.done():
            self.cancel()
            self._queue.discard()
        while not self._task.done():
            try:
                await asyncio.wait({self._task})
            except asyncio.CancelledError as cancelled:
                interrupted = cancelled  # the run's own grace bounds the wait
        if interrupted is not None:
            raise interrupted
        if error is None and not self._task.cancelled():
            self._task.result()

    def __aiter__(self) -> EventQueue:
        if self._task is None:
            raise UsageError("The run has not started.", hint="Write 'async with flow.stream(...) as events:' first.")
        return self._queue

    async def _execute(self, sink: Callable[[Event], None], queue: EventQueue | None = None) -> Callable[[], RunResult]:
        """Run, and return what makes the result: whoever reads the events alone does not pay for it."""
        try:
            if self._recorder is not None:
                sink = _both(self._recorder, sink)
            self.prepare()
            if isinstance(self._prepared, FlowloomError):
                failed = failed_run(self._flow, self._options, self._prepared, self._redactor, sink)
                return lambda: failed
            assert self._prepared is not None
            self._run = Run(self._prepared, self._inputs, self._options, sink, queue)
            if self._cancelled:
                self._run.cancel()
            await self._run.run_through()
            return self._run.result
        finally:
            # The reader then learns of the end with the last event, not a turn of the loop later.
            if queue is not None:
                queue.end()


def _both(first: Callable[[Event], None], second: Callable[[Event], None]) -> Callable[[Event], None]:
    def sink(event: Event) -> None:
        first(event)
        second(event)

    return sink
