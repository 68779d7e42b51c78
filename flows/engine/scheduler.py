"""Runs nodes as soon as what they need is there.

A node is ready when the last node it waits for has handed on its output; there are no levels. Ready nodes start together, in the order of
the file: those of one batch all start, even where one of them fails at once. Async nodes are tasks on the loop, sync ones work in threads,
quick ones are called in place. After the first failure nothing more starts.

Everything here happens on the loop's thread. What happens in other threads arrives through the mailbox.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from operator import attrgetter
from time import perf_counter, time
from typing import Any, Final, Literal

from flowloom.flows.engine import faults, streams, work
from flowloom.flows.engine.context import NodeContext
from flowloom.flows.engine.events import (
    Log,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
)
from flowloom.flows.engine.inputs import BYPASSED, UNUSUAL, arguments, why_bypassed
from flowloom.flows.engine.prepare import Shape, Step
from flowloom.flows.engine.scope import RunScope
from flowloom.flows.engine.streams import Replayed, Stream
from flowloom.flows.engine.threads import MOST_SIDE_BY_SIDE
from flowloom.flows.errors import FlowloomError, RunCancelled
from flowloom.flows.node.context import running

OnFailure = Literal["cancel", "finish"]
Record = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled
Settle = Callable[[Step, NodeContext, Any], None]

_position = attrgetter("position")

# No object of these classes is an iterator, so that most outputs need no closer look.
_NEVER_STREAMS: Final = frozenset({str, int, float, bool, type(None), dict, list, tuple})


class Scheduler:
    """One pass over some nodes of a flow.

    ``shape`` has the nodes to run. ``values`` holds outputs that are there already and receives those of this
    pass: raw objects, a Stream for a node that yields, BYPASSED. ``collected`` names nodes whose streams are wanted whole.
    ``on_failure`` says what becomes of nodes at work when another fails: ``cancel`` or ``finish`` them. Nodes that do not stop within
    ``grace`` seconds are left behind.
    """

    def __init__(
        self,
        scope: RunScope,
        shape: Shape,
        values: dict[str, Any],
        *,
        collected: frozenset[str] = frozenset(),
        on_failure: OnFailure = "cancel",
        grace: float = 1.5,
    ) -> None:
        self.scope = scope
        self.values = values
        self.records: dict[str, Record] = {}
        self.error: FlowloomError | None = None
        self.at_work: dict[str, NodeContext] = {}
        self._emit = scope.emit
        self._prefix = scope.prefix
        self._steps = shape.steps
        self._successors = shape.successors
        self._missing = dict(shape.missing)
        self._ready = list(shape.first)
        self._cached = scope.cache is not None
        self._collected = collected
        self._on_failure = on_failure
        self._grace = grace
        self._grace_ends: asyncio.TimerHandle | None = None
        self._no_thread_yet: list[Step] = []
        self._in_threads = 0
        self._pass_due = False
        self._bypasses = any(value is BYPASSED for value in values.values())
        self._unusual = any(value.__class__ in UNUSUAL for value in values.values())
        self._stopped = False
        self._fault: BaseException | None = None
        self._base = contextvars.copy_context()
        # What create_task does where no factory is set, without its checks on the way.
        self._task = scope.loop.create_task if scope.loop.get_task_factory() else partial(asyncio.Task, loop=scope.loop)
        self._done: asyncio.Future[None] = scope.loop.create_future()

    async def run(self) -> None:
        """Run all there is to run. ``error`` is then the first failure, ``records`` how each node that started has ended.

        Cancelling the caller stops every node, waits for them no longer than the grace, and raises CancelledError.
        """
        self._pass_due = True
        self._base.run(self._start_ready)
        try:
            await self._done
        except asyncio.CancelledError:
            if self._done.cancelled():
                # Cancelling a task cancels the future it waits for; the end of this pass still has to be waited for.
                self._done = self.scope.loop.create_future()
            self.stop(faults.stopped())
            while not self._done.done():
                with suppress(asyncio.CancelledError):  # once is enough: the grace bounds the wait
                    await asyncio.wait({self._done})
            raise
        finally:
            if self._grace_ends is not None:
                self._grace_ends.cancel()
        if self._fault is not None:
            raise self._fault

    def stop(self, error: FlowloomError | None = None) -> None:
        """Start nothing more, and ask everything at work to end. May be called at any time, and again."""
        self.error = self.error or error
        if self._stopped or self._done.done():
            return
        self._stopped = self.scope.stopping = True
        self.scope.stopped_at = perf_counter()
        if self.scope.pressure is not None:
            self.scope.pressure.make_room()
        for context in tuple(self.at_work.values()):
            if context.task is not None:
                # The callback is for tasks that had not begun: their code never gets to say that it was cancelled.
                context.task.add_done_callback(lambda task, context=context: self._cancelled(context))
                context.task.cancel()
        for stream in self.scope.streams:
            stream.abort(faults.stopped())
        for call in tuple(self.scope.guests):
            call.cancel()
        self._grace_ends = self.scope.loop.call_later(self._grace, self._give_up)
        self._look_whether_done()

    # Starting

    def _continue(self) -> None:
        """Start what is ready, a turn of the loop from now: what else ends in this turn then still counts."""
        if not self._pass_due:
            self._pass_due = True
            self.scope.loop.call_soon(self._start_ready, context=self._base)

    def _start_ready(self) -> None:
        if self.error is None and not self._stopped:
            batch, self._ready = self._ready, []
            if len(batch) > 1:
                batch.sort(key=_position)
            for step in batch:
                try:
                    self._start(step)
                except FlowloomError as error:
                    # The node never started: only the run says what went wrong.
                    self._fail_run(self.scope.redacted(error.at(node=step.name)))
                except Exception as error:
                    self._crash(error)
        self._pass_due = False
        if self._ready and self.error is None:
            self._continue()
        else:
            self._look_whether_done()

    def _start(self, step: Step) -> None:
        scope, name = self.scope, step.name
        if self._bypasses or step.conditional:
            skipped = why_bypassed(step, self.values, scope.inputs)
            if skipped is not None:
                self._bypass(step, *skipped)
                return
        how = "carefully" if self._cached and scope.may_reuse(step) else step.how
        if how == "in_thread" and self._in_threads >= MOST_SIDE_BY_SIDE:
            self._no_thread_yet.append(step)
            return
        if step.whole_outputs is None or self._unusual:
            given = arguments(step, self.values, scope.inputs)
        else:
            given = {parameter: self.values[source] for parameter, source in step.whole_outputs}
        context = NodeContext(scope, name)
        if step.needs_run:
            given = work.complete(step, given, context)
        self.at_work[name] = context
        self._emit(NodeStarted(self._prefix + name, time()))
        if how == "as_task":
            context.task = self._task(self._await(step, context, step.function, given))
        elif how == "in_thread":
            self._in_threads += 1
            variables = self._base.copy()
            scope.threads.submit(name, lambda: variables.run(self._call_in_thread, step, context, given))
        elif how == "in_place":
            self._base.copy().run(self._call, step, context, given)
        else:
            context.task = self._task(self._await(step, context, work.perform, {"step": step, "arguments": given, "context": context}))

    async def _await(self, step: Step, context: NodeContext, function: Callable[..., Any], given: dict[str, Any]) -> None:
        running.set(context)
        try:
            value = await function(**given)
        except BaseException as error:
            self._raised(step, context, error)
        else:
            self._returned(step, context, value)

    def _call(self, step: Step, context: NodeContext, given: dict[str, Any]) -> None:
        running.set(context)
        try:
            value = step.function(**given)
        except (Exception, SystemExit) as error:
            self._raised(step, context, error)
        else:
            self._returned(step, context, value)

    def _call_in_thread(self, step: Step, context: NodeContext, given: dict[str, Any]) -> None:
        running.set(context)
        post = self.scope.mailbox.post
        variables = contextvars.copy_context()
        try:
            value = step.function(**given)
        except BaseException as error:
            post(self._left_thread, self._raised, step, context, error, variables)
        else:
            post(self._left_thread, self._returned, step, context, value, variables)

    def _left_thread(self, settle: Settle, step: Step, context: NodeContext, result: Any, variables: contextvars.Context) -> None:
        self._in_threads -= 1
        if self._no_thread_yet:
            self._ready.append(self._no_thread_yet.pop(0))
            self._continue()
        # A generator goes on in the variables of the code that made it.
        variables.run(settle, step, context, result)

    def _bypass(self, step: Step, reason: str, why: str) -> None:
        self.records[step.name] = event = NodeSkipped(self._prefix + step.name, reason, self.scope.redact(why))
        self._emit(event)
        self._bypasses = self._unusual = True
        self._hand_on(step.name, BYPASSED, self._successors[step.name])

    # Ending

    def _returned(self, step: Step, context: NodeContext, value: Any) -> None:
        # Most nodes of a run pass here and nowhere else: written out, because every call counts.
        if context.is_over:
            return
        try:
            output = value
            if value.__class__ not in _NEVER_STREAMS:
                if streams.is_stream(value):
                    self._stream(step, context, value)
                    return
                if isinstance(value, Replayed):
                    output = str(value)
                    self._unusual = True
            name = step.name
            if context.has_partial_lines:
                context.flush()
            context.is_over = True
            context.task = None  # or task, variables and context would keep each other alive
            del self.at_work[name]
            seconds = perf_counter() - context.started
            event = NodeFinished(self._prefix + name, output, seconds, context.spent, context.cached, context.ended_as)
            self.records[name] = event
            self._emit(event)
            self.values[name] = value
            missing = self._missing
            for successor in self._successors[name]:
                left = missing[successor.name] - 1
                missing[successor.name] = left
                if not left:
                    self._ready.append(successor)
            if self._pass_due:
                return
            if self._ready and not self.at_work:
                # Nothing else can end in this turn of the loop, so there is nothing to wait for.
                self._pass_due = True
                self._base.run(self._start_ready)
            else:
                self._go_on()
        except Exception as error:
            self._crash(error)

    def _hand_on(self, name: str, value: Any, to: Iterable[Step]) -> None:
        self.values[name] = value
        missing = self._missing
        for successor in to:
            left = missing[successor.name] = missing[successor.name] - 1
            if not left:
                self._ready.append(successor)
        if not self._pass_due:
            self._go_on()

    def _go_on(self) -> None:
        if self._ready:
            self._continue()
        elif self.scope.streams or not self.at_work:
            self._look_whether_done()

    def _raised(self, step: Step, context: NodeContext, error: BaseException) -> None:
        if context.is_over:
            return
        try:
            if self._stopped and isinstance(error, asyncio.CancelledError | RunCancelled):
                self._cancelled(context)
            else:
                if isinstance(error, asyncio.CancelledError):
                    error = faults.cancelled_itself()
                shown = work.failure(error, step, context)
                self._end(step.name, context, NodeFailed(self._prefix + step.name, shown, context.seconds))
                self._fail_run(shown)
            self._look_whether_done()
        except Exception as fault:
            self._crash(fault)
        if isinstance(error, KeyboardInterrupt):
            raise error

    def _cancelled(self, context: NodeContext) -> None:
        if not context.is_over:
            self._end(context.node, context, NodeCancelled(self._prefix + context.node, context.seconds))
            self._look_whether_done()

    def _end(self, name: str, context: NodeContext, event: Record) -> None:
        if context.has_partial_lines:
            context.flush()
        context.is_over = True
        context.task = None
        del self.at_work[name]
        self.records[name] = event
        self._emit(event)

    def _fail_run(self, error: FlowloomError) -> None:
        first, self.error = self.error is None, self.error or error
        if first and self._on_failure == "cancel":
            # Two turns later: nodes of the same batch have then taken their first step, and quick ones have ended.
            self.scope.loop.call_soon(self.scope.loop.call_soon, self.stop)

    # Streams

    def _stream(self, step: Step, context: NodeContext, source: Any) -> None:
        scope, node = self.scope, self._prefix + step.name

        def on_chunk(chunk: Any) -> None:
            if scope.wants_stream:
                scope.send(NodeDelta(node, chunk))

        def on_end(error: BaseException | None) -> None:
            if error is not None:
                self._raised(step, context, error)
            elif not context.is_over:
                if context.keeper is not None and stream.exhausted:
                    context.keeper.keep(context, stream.joined(), streamed=True)
                event = NodeFinished(node, stream.joined(), context.seconds, context.spent, context.cached, context.ended_as)
                self._end(step.name, context, event)
                self._hand_on(step.name, stream, whole)
                self._look_whether_done()

        readers = [successor for successor in self._successors[step.name] if successor.reads_streams]
        whole = [successor for successor in self._successors[step.name] if not successor.reads_streams]
        collect = step.name in self._collected or not readers or bool(whole)
        # A copy: the code that made the generator may still be inside its own.
        stream = Stream(source, step.name, scope, contextvars.copy_context(), on_chunk, on_end, collect=collect)
        scope.streams.append(stream)
        limit = step.node.timeout_seconds
        if limit is not None:
            scope.loop.call_later(max(0.0, limit - context.seconds), stream.abort, faults.too_late(step.name, limit))
        stream.start()
        context.task = None
        if self._stopped:
            stream.abort(faults.stopped())
        else:
            self._unusual = True
            self._hand_on(step.name, stream, readers)

    # The end of the pass

    def _look_whether_done(self) -> None:
        if self._done.done() or self._pass_due:
            return
        if self.at_work:
            if self.scope.streams and not self._stopped:
                streams.close_idle(self.scope.streams, self.at_work.keys())
            return
        if self.error is None and self._fault is None and len(self.records) < len(self._steps):
            self.error = faults.never_ready([name for name in self._steps if name not in self.records])
        self._done.set_result(None)

    def _give_up(self) -> None:
        """The grace is over: what still runs is left behind, and said to be."""
        for name, context in tuple(self.at_work.items()):
            self._emit(Log(self._prefix + name, faults.left_behind(name), "warning"))
            self._cancelled(context)

    def _crash(self, fault: BaseException) -> None:
        """A fault of the engine's own must end the run, not hang it."""
        self._fault = self._fault or fault
        self.stop()
