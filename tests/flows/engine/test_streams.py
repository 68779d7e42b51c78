"""Streams by themselves: readers at their own pace, and every way one ends."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine import streams
from flowloom.flows.engine.event_queue import EventQueue
from flowloom.flows.engine.events import NodeDelta, NodeFinished, NodeStarted
from flowloom.flows.engine.scope import RunScope
from flowloom.flows.engine.streams import AsyncReader, BothReader, OneChunk, Reader, Replayed, Stream, is_stream
from flowloom.flows.engine.threads import Mailbox, Threads
from flowloom.flows.errors import LimitExceeded, RunCancelled, ToolError

StreamMaker = Callable[..., tuple[Stream, asyncio.Future[Any]]]


@pytest.fixture
async def make_stream() -> Any:
    """``make_stream(source, collect=False)`` gives a started stream, and a future with the error that ended it or None."""
    loop = asyncio.get_running_loop()
    threads = Threads("test")
    mailbox = Mailbox(loop, contextvars.copy_context())
    scope = RunScope(None, "r", loop, mailbox, threads, lambda event: None)  # type: ignore[arg-type]

    def make(source: Any, *, collect: bool = False, pressure: EventQueue | None = None, on_chunk: Any = lambda chunk: None) -> Any:
        ended = loop.create_future()
        scope.pressure = pressure
        stream = Stream(source, "a", scope, contextvars.copy_context(), on_chunk, ended.set_result, collect=collect)
        scope.streams.append(stream)
        stream.start()
        return stream, ended

    make.threads = threads  # type: ignore[attr-defined]
    yield make
    for stream in scope.streams:
        stream.abort(RunCancelled("over"))
    assert await asyncio.to_thread(threads.close, 5) == []


def pulled(taken: list[int], stop: int = 10) -> Iterator[str]:
    for number in range(stop):
        taken.append(number)
        yield str(number)


async def apulled(taken: list[int], stop: int = 10) -> AsyncIterator[str]:
    for chunk in pulled(taken, stop):
        await asyncio.sleep(0)
        yield chunk


async def read(reader: Any, count: int = 99) -> list[str]:
    found: list[str] = []
    async for chunk in reader:
        found.append(chunk)
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("source", [pulled, apulled])
async def test_nothing_is_pulled_that_nobody_asked_for(make_stream: StreamMaker, source: Any) -> None:
    taken: list[int] = []
    stream, _ = make_stream(source(taken))
    reader = stream.reader(in_thread=False)
    assert taken == []
    assert await read(reader, 3) == ["0", "1", "2"]
    assert taken == [0, 1, 2]
    late = stream.reader(in_thread=False)
    assert await read(late, 2) == ["0", "1"]
    assert taken == [0, 1, 2]


@pytest.mark.parametrize("source", [pulled, apulled])
async def test_readers_in_tasks_and_threads_all_get_everything(make_stream: StreamMaker, source: Any) -> None:
    stream, ended = make_stream(source([], 200))
    whole = [str(number) for number in range(200)]
    found = await gather_all(stream)
    assert found == [whole] * 4
    assert await ended is None
    assert stream.exhausted
    assert stream.joined() == "".join(whole)


async def gather_all(stream: Stream) -> list[list[str]]:
    async def whole(reader: Any) -> list[str]:
        return [chunk async for chunk in reader]

    readers: list[Any] = [stream.reader(in_thread=True) for _ in range(2)]
    in_threads = [asyncio.to_thread(list, reader) for reader in readers]
    return await asyncio.gather(whole(stream.reader(in_thread=False)), *in_threads, whole(stream.reader(in_thread=False)))


@pytest.mark.parametrize("source", [pulled, apulled])
async def test_collecting_asks_for_all(make_stream: StreamMaker, source: Any) -> None:
    stream, ended = make_stream(source([]), collect=True)
    assert await ended is None
    assert stream.joined() == "0123456789"


@pytest.mark.parametrize("source", [pulled, apulled])
async def test_closing_ends_it_where_it_is(make_stream: StreamMaker, source: Any) -> None:
    stream, ended = make_stream(source([]))
    reader = stream.reader(in_thread=False)
    await read(reader, 2)
    stream.close()
    assert await ended is None
    assert not stream.exhausted
    assert (stream.joined(), await read(reader)) == ("01", [])


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_aborting_raises_in_every_reader(make_stream: StreamMaker, kind: str) -> None:
    release = asyncio.Event()

    async def stuck() -> AsyncIterator[str]:
        yield "a"
        await release.wait()

    stream, ended = make_stream(stuck() if kind == "async" else pulled([], 1_000_000))
    in_thread: Any = stream.reader(in_thread=True)
    task = asyncio.create_task(read(stream.reader(in_thread=False), 2 if kind == "async" else 10**9))
    blocked = asyncio.create_task(asyncio.to_thread(list, in_thread))
    await read(stream.reader(in_thread=False), 1)
    stream.abort(ToolError("stop"))
    stream.abort(ToolError("again"))
    for waiting in (task, blocked):
        with pytest.raises(ToolError, match="stop"):
            await asyncio.wait_for(waiting, 10)
    assert str(await ended) == "stop"


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_failure_comes_after_what_was_given(make_stream: StreamMaker, kind: str) -> None:
    def breaks() -> Iterator[str]:
        yield "a"
        raise ValueError("half-way")

    async def abreaks() -> AsyncIterator[str]:
        yield "a"
        raise ValueError("half-way")

    stream, ended = make_stream(breaks() if kind == "sync" else abreaks())
    reader = stream.reader(in_thread=False)
    assert await read(reader, 1) == ["a"]
    with pytest.raises(ValueError, match="half-way"):
        await read(reader)
    assert str(await ended) == "half-way"


async def test_the_source_is_closed_in_its_thread(make_stream: StreamMaker) -> None:
    closed: list[str] = []

    def careful() -> Iterator[str]:
        try:
            yield "a"
            yield "b"
        finally:
            closed.append("closed")

    stream, ended = make_stream(careful())
    await read(stream.reader(in_thread=False), 1)
    stream.close()
    await ended
    assert closed == ["closed"]


async def test_other_iterators_are_streams_too(make_stream: StreamMaker) -> None:
    stream, ended = make_stream(map(str, [1, 2]), collect=True)
    assert await ended is None
    assert stream.joined() == "12"


async def test_what_never_ends_is_ended(make_stream: StreamMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_CHARACTERS", 1000)
    _, ended = make_stream(iter(lambda: "x" * 100, None), collect=True)
    assert isinstance(await ended, LimitExceeded)


async def test_a_slow_reader_of_events_slows_the_source(make_stream: StreamMaker) -> None:
    """The queue never holds much more than its mark, whoever pulls."""
    for source in (pulled([], 3000), apulled([], 3000)):
        queue = EventQueue()

        def put(chunk: str, queue: EventQueue = queue, loop: Any = asyncio.get_running_loop()) -> None:  # noqa: B008
            loop.call_soon_threadsafe(queue.put, NodeDelta("a", chunk))

        stream, ended = make_stream(source, collect=True, pressure=queue, on_chunk=put)
        found, most = 0, 0
        async for _ in queue:
            found += 1
            most = max(most, len(queue._events))
            if found == 3000:
                break
        assert await asyncio.wait_for(ended, 20) is None
        assert most < 1600
        assert stream.exhausted


def test_what_counts_as_a_stream() -> None:
    async def agen() -> AsyncIterator[int]:
        yield 1

    assert all(is_stream(value) for value in (iter([]), (x for x in []), map(str, []), agen()))
    assert not any(is_stream(value) for value in ("text", [1], {"a": 1}, range(3), None, (1,)))


async def test_a_replay_is_one_chunk() -> None:
    reader = Replayed("abc").reader(in_thread=True)
    assert isinstance(reader, OneChunk)
    assert list(reader) == ["abc"]
    assert [chunk async for chunk in Replayed("abc").reader(in_thread=False)] == ["abc"]


async def test_kinds_of_readers(make_stream: StreamMaker) -> None:
    sync, _ = make_stream(pulled([]))
    asynchronous, _ = make_stream(apulled([]))
    assert type(sync.reader(in_thread=True)) is Reader
    assert type(sync.reader(in_thread=False)) is BothReader
    assert type(asynchronous.reader(in_thread=True)) is Reader
    assert type(asynchronous.reader(in_thread=False)) is AsyncReader
    closed: Any = sync.reader(in_thread=True)
    closed.close()
    assert list(closed) == []


async def test_consumers_start_when_the_generator_is_handed_on(write_flow: Any, no_thread_left: None) -> None:
    flow = load_flow(write_flow({"a": "aletters x=abc", "b": "ajoin x=${a.output}"}))
    async with flow.stream() as events:
        found = [event async for event in events]
    started = next(index for index, event in enumerate(found) if isinstance(event, NodeStarted) and event.node == "b")
    finished = next(index for index, event in enumerate(found) if isinstance(event, NodeFinished) and event.node == "a")
    assert started < finished
    assert [event.chunk for event in found if isinstance(event, NodeDelta)] == ["a", "b", "c"]


async def test_a_time_limit_spans_the_whole_stream(write_flow: Any, no_thread_left: None) -> None:
    slow = "@tool\nasync def slow():\n    yield 'a'\n    await asyncio.Event().wait()"
    flow = load_flow(write_flow({"a": {"use": "slow", "timeout_seconds": 0.1}, "b": "ajoin x=${a.output}"}, tools={"slow": slow}))
    result = await asyncio.wait_for(flow.arun_result(), 20)
    assert result.nodes["a"].status == "failed"
    assert (result.error and result.error.kind) == "timeout"
