"""Runs a coroutine to its end for a caller without a loop of its own, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextvars
import signal
import threading
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

PATIENCE: Final = 0.5
"""Seconds that tasks left over by a tool have to end."""


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` on a loop of its own: here, or in a thread where the caller already is inside a running loop.

    In the main thread Ctrl-C cancels ``work``, which stops the run in order, and then raises KeyboardInterrupt. A task that refuses to end
    is dropped, where ``asyncio.run`` would wait for it forever.
    """
    if asyncio._get_running_loop() is None:
        return _run_here(work)
    outcome: list[Any] = []
    variables = contextvars.copy_context()

    def elsewhere() -> None:
        try:
            outcome.append((variables.run(_run_here, work), None))
        except BaseException as error:
            outcome.append((None, error))

    thread = threading.Thread(target=elsewhere, name="flow-loop", daemon=True)
    thread.start()
    thread.join()
    value, error = outcome[0]
    if error is not None:
        raise error
    return value


def _run_here(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.new_event_loop()
    interrupted = False
    try:
        asyncio.set_event_loop(loop)
        task = loop.create_task(work)

        def interrupt(number: int, frame: object) -> None:
            nonlocal interrupted
            if interrupted:
                raise KeyboardInterrupt
            interrupted = True
            loop.call_soon_threadsafe(task.cancel)

        ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if ours:
            signal.signal(signal.SIGINT, interrupt)
        try:
            return loop.run_until_complete(task)
        except asyncio.CancelledError:
            if interrupted:
                raise KeyboardInterrupt from None
            raise
        finally:
            if ours:
                signal.signal(signal.SIGINT, signal.default_int_handler)
    finally:
        try:
            _end_tasks(loop)
        finally:
            asyncio.set_event_loop(None)
            loop.close()


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        done, pending = loop.run_until_complete(asyncio.wait(left, timeout=PATIENCE))
        for task in done:
            if not task.cancelled():
                task.exception()
        for task in pending:
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # it was reported when the run ended
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
