"""What all nodes of one run share, and the way their events go out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.events import Event
from flowloom.flows.engine.threads import Mailbox, Threads
from flowloom.flows.errors import FlowloomError

if TYPE_CHECKING:
    from flowloom.flows.connections.redact import Redactor
    from flowloom.flows.engine.cache import Cache
    from flowloom.flows.engine.event_queue import EventQueue
    from flowloom.flows.engine.prepare import PreparedFlow, Step
    from flowloom.flows.engine.streams import Stream

MAX_DEPTH: Final = 16
"""How deeply nodes may call nodes and flows through ``ctx.invoke``."""

Approver = Callable[[str, dict[str, Any]], Awaitable[bool]]


@dataclass(slots=True)
class RunScope:
    """One run, as its nodes see it. ``emit`` is called on the loop's thread only; ``send`` may be called from any."""

    prepared: PreparedFlow
    run_id: str
    loop: asyncio.AbstractEventLoop
    mailbox: Mailbox
    threads: Threads
    emit: Callable[[Event], None]
    wants_stream: bool = False
    exchanges: bool = False
    """Whether anybody wants to see each model call."""
    echo: bool = True
    """Whether what nodes print also goes where it would have gone."""
    cache: Cache | None = None
    reuse: bool = False
    """Whether every node that may be cached is; otherwise only those with ``enable_cache``."""
    pressure: EventQueue | None = None
    approver: Approver | None = None
    depth: int = 0
    prefix: str = ""
    """Before the names of nodes in events of a flow that runs inside another: ``call/``."""
    stopping: bool = False
    stopped_at: float = 0.0
    inputs: dict[str, Any] = field(default_factory=dict)
    streams: list[Stream] = field(default_factory=list)
    guests: set[asyncio.Task[Any]] = field(default_factory=set)
    """Calls that tools make from loops of their own."""
    parent: RunScope | None = None

    @property
    def is_stopping(self) -> bool:
        return self.stopping or (self.parent is not None and self.parent.is_stopping)

    def inside(self, node: str) -> RunScope:
        """The scope of what ``node`` calls: one level deeper, its events below the node's."""
        return replace(self, depth=self.depth + 1, prefix=f"{self.prefix}{node}/", parent=self)

    def send(self, event: Event) -> None:
        self.mailbox.call(self.emit, event)

    def may_reuse(self, step: Step) -> bool:
        """Whether this run takes the node's output from the cache where it is there."""
        return self.cache is not None and step.node.cache and (self.reuse or step.node.enable_cache)

    def call_from_thread(self, start: Callable[[], Coroutine[Any, Any, Any]]) -> Future[Any]:
        """Have a coroutine run on the run's loop. The future ends after it, cancelled where the run is stopped or over."""
        outcome: Future[Any] = Future()

        def begin() -> None:
            if self.is_stopping:
                outcome.cancel()
                return
            task = self.loop.create_task(start())
            self.guests.add(task)
            task.add_done_callback(end)

        def end(task: asyncio.Task[Any]) -> None:
            self.guests.discard(task)
            if task.cancelled():
                outcome.cancel()
            elif (error := task.exception()) is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(task.result())

        if not self.mailbox.post(begin):
            outcome.cancel()
        return outcome

    def wants_loop(self) -> bool:
        """Whether a stream is open that only the loop can pull."""
        return any(stream.is_async and not stream.ended for stream in self.streams)

    def redact(self, text: str) -> str:
        redactor = self.prepared.redactor
        return redactor.redact(text) if redactor else text

    def redacted(self, error: FlowloomError) -> FlowloomError:
        return redacted(error, self.prepared.redactor)


def redacted(error: FlowloomError, redactor: Redactor) -> FlowloomError:
    """The same error with the secrets in its words masked."""
    if redactor:
        error.message, error.hint, error.detail = (redactor.redact(text) for text in (error.message, error.hint, error.detail))
        error.args = (error.message,)
    return error
