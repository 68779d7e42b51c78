"""The events of a run, for whoever iterates over them; a slow reader slows the producers of streams, not the run's bookkeeping."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.events import Event
from flowloom.flows.engine.result import RunResult
from flowloom.flows.engine.run import Run, RunOptions, failed_run
from flowloom.flows.errors import FlowloomError, UsageError

if TYPE_CHECKING:
    from flowloom.flows.connections.redact import Redactor
    from flowloom.flows.engine.prepare import PreparedFlow

HIGH: Final = 1000
LOW: Final = 100


class Pressure:
    """Tells producers of streams to wait while too many events lie unread. Set on the loop, asked from any thread."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def is_high(self) -> bool:
        return not self._free.is_set()

    def raise_(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def wait_in_thread(self, seconds: float) -> None:
        self._free.wait(seconds)

    async def wait(self) -> None:
        while self.is_high:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future


class EventQueue:
    """Events in the order they happened. ``put`` and reading both belong to the run's loop; one reader at a time."""

    def __init__(self) -> None:
        self.pressure = Pressure()
        self._events: deque[Event] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._ended = False
        self._unread = False

    def put(self, event: Event) -> None:
        if self._unread:
            return
        self._events.append(event)
        if self._reader is not None:
            self._wake()
        elif len(self._events) > HIGH:
            self.pressure.raise_()

    def end(self) -> None:
        """No more events will come."""
        self._ended = True
        self.pressure.release()
        if self._reader is not None:
            self._wake()

    def discard(self) -> None:
        """Drop what nobody will read, from now on too, so that nothing waits for a reader that is gone."""
        self._unread = True
        self._events.clear()
        self.pressure.release()

    def _wake(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)

    def __aiter__(self) -> EventQueue:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._ended:
                raise StopAsyncIteration
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        event = self._events.popleft()
        if len(self._events) < LOW and self.pressure.is_high:
            self.pressure.release()
        return event


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
    ) -> None:
        self._flow = flow
        self._prepare = prepare
        self._inputs = inputs
        self._options = options
        self._redactor = redactor
        self._prepared: PreparedFlow | FlowloomError | None = None
        self._queue = EventQueue()
        self._run: Run | None = None
        self._task: asyncio.Task[RunResult] | None = None
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
        return await self._execute(self._options, lambda event: None)

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
        return await asyncio.shield(self._task)

    async def __aenter__(self) -> EventStream:
        if self._task is not None:
            raise UsageError("This run was started before.", hint="Call flow.stream(...) again for another run.")
        options = replace(self._options, stream=True, pressure=self._queue.pressure)
        self._task = asyncio.get_running_loop().create_task(self._execute(options, self._queue.put))
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

    async def _execute(self, options: RunOptions, sink: Callable[[Event], None]) -> RunResult:
        self.prepare()
        if isinstance(self._prepared, FlowloomError):
            return failed_run(self._flow, options, self._prepared, self._redactor, sink)
        assert self._prepared is not None
        self._run = Run(self._prepared, self._inputs, options, sink)
        if self._cancelled:
            self._run.cancel()
        return await self._run.execute()
