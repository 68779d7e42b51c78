"""The output of a node that yields: pulled once, given to every reader, whole.

Chunks are pulled as fast as the fastest reader asks: nothing runs ahead of interest, and one slow reader holds up no other. What was
pulled is kept, because the node's output is all of it joined; a bound on its size ends a stream that never does.

Sync generators are pulled in a thread, async ones by a task, each in the context of the node that made it. A reader in a sync tool is an
ordinary iterator; one in an async tool can be iterated with ``async for`` and, over a sync generator, with ``for``.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Set
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.errors import LimitExceeded, ToolError

if TYPE_CHECKING:
    from flowloom.flows.engine.scope import RunScope

MOST_CHARACTERS: Final = 256 * 1024 * 1024
_ALL: Final = 1 << 62


def is_stream(value: Any) -> bool:
    """Whether a node's output is to be read piece by piece: a generator, or any other iterator."""
    return isinstance(value, Iterator | AsyncIterator)


class Stream:
    """``on_chunk`` is called for each chunk, from any thread; ``on_end`` once, on the loop, with the error that ended it or None.

    ``collect`` pulls without waiting for a reader.
    """

    def __init__(
        self,
        source: Iterator[Any] | AsyncIterator[Any],
        node: str,
        scope: RunScope,
        context: contextvars.Context,
        on_chunk: Callable[[Any], None],
        on_end: Callable[[BaseException | None], None],
        *,
        collect: bool,
    ) -> None:
        self.node = node
        self.collect = collect
        self.is_async = not isinstance(source, Iterator)
        self.ended = False
        self.exhausted = False
        """Whether the source came to its own end."""
        self.error: BaseException | None = None
        self.task: asyncio.Task[None] | None = None
        self._source = source
        self._scope = scope
        self._context = context
        self._on_chunk = on_chunk
        self._on_end = on_end
        self._chunks: list[Any] = []
        self._size = 0
        self._wanted = _ALL if collect else 0
        self._closing = False
        self._changed = threading.Condition()
        self._waiting: list[asyncio.Future[None]] = []
        self._demand = asyncio.Event()
        self._loop_waits = False

    def start(self) -> None:
        if self.is_async:
            self.task = self._scope.loop.create_task(self._pump(), context=self._context)
        else:
            self._scope.threads.submit(self.node, self._pump_in_thread)

    def joined(self) -> str:
        """All chunks so far as one text."""
        return "".join(str(chunk) for chunk in self._chunks)

    def reader(self, *, in_thread: bool) -> Iterator[Any] | AsyncIterator[Any]:
        if in_thread:
            return Reader(self)
        return AsyncReader(self) if self.is_async else BothReader(self)

    def close(self) -> None:
        """Ask for nothing more: the source is closed, and the stream ends with what it has."""
        self._stop(None)

    def abort(self, error: BaseException) -> None:
        """End the stream now, its readers too: they get ``error``. A thread in the middle of a step ends after it."""
        if self.ended:
            return
        self._stop(error)
        if self.task is not None:
            self.task.cancel()
        self._finish(error)

    def _stop(self, error: BaseException | None) -> None:
        with self._changed:
            self._closing = True
            self.error = self.error or error
            self._changed.notify_all()
        self._demand.set()

    # Reading

    def read(self, position: int) -> Any:
        """The chunk at a position, waiting for it. Raises StopIteration past the end, or the error that ended the stream."""
        on_loop = self._scope.mailbox.is_here
        with self._changed:
            if on_loop and not self._has(position):
                self._refuse_deadlock()
                self._loop_waits = True
            while not self._has(position):
                self._want(position)
                self._changed.wait()
            self._loop_waits = False
            return self._take(position, StopIteration)

    async def read_async(self, position: int) -> Any:
        """The same without blocking the loop; raises StopAsyncIteration past the end."""
        while True:
            with self._changed:
                if self._has(position):
                    return self._take(position, StopAsyncIteration)
                self._want(position)
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
            await future

    def _has(self, position: int) -> bool:
        return position < len(self._chunks) or self.ended

    def _take(self, position: int, end: type[Exception]) -> Any:
        if position < len(self._chunks):
            return self._chunks[position]
        if self.error is not None:
            raise self.error
        raise end

    def _want(self, position: int) -> None:
        if position >= self._wanted:
            self._wanted = position + 1
            self._changed.notify_all()
            if self.is_async:
                self._scope.mailbox.call(self._demand.set)

    def _refuse_deadlock(self) -> None:
        # An async tool reads with a plain 'for': the loop stands still until the chunk comes, so nothing may need the loop for it.
        if self.is_async or self._scope.wants_loop():
            raise ToolError(
                f"This tool is async and reads the output of '{self.node}' with 'for', which would stop the whole run.",
                hint="Write 'async for', or make the tool an ordinary function.",
            )

    # Pulling

    def _pump_in_thread(self) -> None:
        error: BaseException | None = None
        try:
            while self._wait_for_demand():
                try:
                    chunk = self._context.run(next, self._source)  # type: ignore[arg-type]
                except StopIteration:
                    self.exhausted = True
                    break
                self._publish(chunk)
                pressure = self._scope.pressure
                while pressure is not None and pressure.is_full and not self._closing and not self._loop_waits:
                    pressure.wait_in_thread(0.2)
            self._close_source()
        except BaseException as raised:
            error = raised
        self._finish(error)

    def _close_source(self) -> None:
        close = getattr(self._source, "close", None)
        if inspect.isgenerator(self._source) and close is not None:
            self._context.run(close)

    def _wait_for_demand(self) -> bool:
        with self._changed:
            while not self._closing and len(self._chunks) >= self._wanted:
                self._changed.wait()
            return not self._closing

    async def _pump(self) -> None:
        error: BaseException | None = None
        try:
            while not self._closing:
                if len(self._chunks) >= self._wanted:
                    self._demand.clear()
                    await self._demand.wait()
                    continue
                try:
                    chunk = await self._source.__anext__()  # type: ignore[union-attr]
                except StopAsyncIteration:
                    self.exhausted = True
                    break
                self._publish(chunk)
                if self._scope.pressure is not None and self._scope.pressure.is_full:
                    await self._scope.pressure.wait()
        except BaseException as raised:
            error = raised
        try:
            if inspect.isasyncgen(self._source):
                await self._source.aclose()
        except BaseException as raised:
            error = error or raised
        self._finish(error)

    def _publish(self, chunk: Any) -> None:
        with self._changed:
            if self.ended:
                return
            self._chunks.append(chunk)
            self._size += len(chunk) if isinstance(chunk, str | bytes) else 64
            self._changed.notify_all()
        if self._size > MOST_CHARACTERS:
            raise LimitExceeded(
                f"The output of '{self.node}' grew past {MOST_CHARACTERS // 1024 // 1024} million characters.",
                hint="Does it ever end? Let it yield less.",
            )
        self._on_chunk(chunk)
        self._wake()

    def _finish(self, error: BaseException | None) -> None:
        """No more chunks come. Readers see it at once, even one that holds up the loop; the run hears of it on the loop."""
        with self._changed:
            if self.ended:
                return
            self.error = self.error or error
            self.ended = True
            self._changed.notify_all()
        self._wake()
        self._scope.mailbox.call(self._on_end, self.error)

    def _wake(self) -> None:
        if not self._waiting:
            return
        if not self._scope.mailbox.is_here:
            self._scope.mailbox.post(self._wake)
            return
        with self._changed:
            waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


class Reader:
    """One reader of a stream, as a plain iterator."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._position = 0

    def __iter__(self) -> Reader:
        return self

    def __next__(self) -> Any:
        if self._position < 0:
            raise StopIteration
        chunk = self.stream.read(self._position)
        self._position += 1
        return chunk

    def close(self) -> None:
        """As a generator's: what follows is not read."""
        self._position = -1


class AsyncReader:
    """One reader of a stream, for ``async for``."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._position = 0

    def __aiter__(self) -> AsyncReader:
        return self

    async def __anext__(self) -> Any:
        if self._position < 0:
            raise StopAsyncIteration
        chunk = await self.stream.read_async(self._position)
        self._position += 1
        return chunk

    async def aclose(self) -> None:
        self._position = -1


class BothReader(Reader):
    """A reader for an async tool whose author wrote ``for`` because the generator is a sync one."""

    def __aiter__(self) -> BothReader:
        return self

    async def __anext__(self) -> Any:
        if self._position < 0:
            raise StopAsyncIteration
        chunk = await self.stream.read_async(self._position)
        self._position += 1
        return chunk


class Replayed(str):
    """A streamed output that was kept from an earlier run: its readers get it in one chunk."""

    def joined(self) -> str:
        return str(self)

    def reader(self, *, in_thread: bool) -> OneChunk:
        return OneChunk(str(self))


class OneChunk:
    """A reader of a replayed stream, for ``for`` and ``async for``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._chunks = iter((text,))

    def __iter__(self) -> OneChunk:
        return self

    def __next__(self) -> Any:
        return next(self._chunks)

    def __aiter__(self) -> OneChunk:
        return self

    async def __anext__(self) -> Any:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration


def close_idle(streams: Iterable[Stream], at_work: Set[str]) -> None:
    """Where only streams are left that nobody can read any further, end them. ``at_work`` names the nodes that have not ended."""
    idle = [stream for stream in streams if not stream.ended and not stream.collect]
    if idle and at_work <= {stream.node for stream in idle}:
        for stream in idle:
            stream.close()
