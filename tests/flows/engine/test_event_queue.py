from __future__ import annotations

import asyncio
import threading

from flowloom.flows.engine.event_queue import HIGH, LOW, EventQueue
from flowloom.flows.engine.events import Log


async def test_events_come_in_order_and_end() -> None:
    queue = EventQueue()

    async def write() -> None:
        for number in range(5):
            queue.put(Log(None, str(number)))
            await asyncio.sleep(0)
        queue.end()

    task = asyncio.create_task(write())
    assert [event.text async for event in queue if isinstance(event, Log)] == ["0", "1", "2", "3", "4"]
    await task


async def test_a_full_queue_says_so_until_it_was_read() -> None:
    queue = EventQueue()
    for number in range(HIGH + 1):
        queue.put(Log(None, str(number)))
    assert queue.is_full
    in_thread = threading.Thread(target=queue.wait_in_thread, args=(20,))
    in_thread.start()
    waiting = asyncio.create_task(queue.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    for _ in range(HIGH + 1 - LOW + 1):
        await anext(queue)
    await asyncio.wait_for(waiting, 10)
    in_thread.join(10)
    assert not in_thread.is_alive()


async def test_what_nobody_reads_is_dropped() -> None:
    queue = EventQueue()
    queue.put(Log(None, "before"))
    queue.discard()
    for _ in range(HIGH * 2):
        queue.put(Log(None, "after"))
    assert not queue.is_full
    queue.end()
    assert [event async for event in queue] == []
