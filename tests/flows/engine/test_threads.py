from __future__ import annotations

import asyncio
import contextvars
import threading

from flowloom.flows.engine.threads import Mailbox, Threads


def test_a_thread_is_used_again_and_gone_after_closing() -> None:
    threads = Threads("t")
    names: set[str] = set()
    for _ in range(20):
        done = threading.Event()

        def job(done: threading.Event = done) -> None:
            names.add(threading.current_thread().name)
            done.set()

        threads.submit("job", job)
        done.wait(5)
        while threads.busy:
            threading.Event().wait(0.001)
    assert len(names) <= 3
    assert threads.close(5) == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("t-")]


def test_jobs_that_block_each_have_a_thread() -> None:
    threads = Threads("t")
    barrier = threading.Barrier(30)
    for number in range(30):
        threads.submit(str(number), lambda: barrier.wait(10) and None)
    assert threads.close(10) == []
    assert not barrier.broken


def test_what_does_not_end_is_named() -> None:
    threads = Threads("t")
    release = threading.Event()
    threads.submit("stuck", lambda: release.wait() and None)
    assert threads.busy == ("stuck",)
    assert threads.close(0.05) == ["stuck"]
    release.set()
    assert threads.close(5) == []


def test_nothing_to_close() -> None:
    assert Threads("t").close(5) == []


async def test_letters_arrive_in_order_on_the_loop() -> None:
    mailbox = Mailbox(asyncio.get_running_loop(), contextvars.copy_context())
    found: list[tuple[int, int, int]] = []
    done = asyncio.Event()

    def take(sender: int, number: int) -> None:
        found.append((sender, number, threading.get_ident()))
        if len(found) == 4000:
            done.set()

    def send(sender: int) -> None:
        for number in range(1000):
            mailbox.post(take, sender, number)

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for thread in senders:
        thread.start()
    await asyncio.wait_for(done.wait(), 20)
    for sender in range(4):
        assert [number for who, number, _ in found if who == sender] == list(range(1000))
    assert {ident for _, _, ident in found} == {threading.get_ident()}
    for thread in senders:
        thread.join()


async def test_calls_from_the_loop_are_made_at_once() -> None:
    mailbox = Mailbox(asyncio.get_running_loop(), contextvars.copy_context())
    found: list[int] = []
    mailbox.call(found.append, 1)
    assert found == [1]
    assert mailbox.is_here
    assert not await asyncio.to_thread(lambda: mailbox.is_here)


async def test_a_call_that_fails_does_not_hold_up_the_others() -> None:
    loop = asyncio.get_running_loop()
    reported: list[object] = []
    loop.set_exception_handler(lambda loop, context: reported.append(context["exception"]))
    mailbox = Mailbox(loop, contextvars.copy_context())
    found: list[int] = []
    mailbox.post(lambda: 1 // 0)
    mailbox.post(found.append, 1)
    for _ in range(3):
        await asyncio.sleep(0)
    assert found == [1]
    assert len(reported) == 1


def test_a_closed_loop_receives_nothing() -> None:
    loop = asyncio.new_event_loop()
    mailbox = Mailbox(loop, contextvars.copy_context())
    loop.close()
    assert mailbox.post(print) is False
    assert mailbox.post(print) is False
