"""One run of a flow, from its inputs to its result."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter, time
from typing import TYPE_CHECKING, Any, Literal

from flowloom.flows.engine import aggregate, codec, faults, work
from flowloom.flows.engine.events import (
    Event,
    Log,
    Metric,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    RunFinished,
    RunStarted,
    RunStatus,
)
from flowloom.flows.engine.inputs import BYPASSED
from flowloom.flows.engine.logs import capture
from flowloom.flows.engine.prepare import PreparedFlow, Shape, shape_of
from flowloom.flows.engine.result import NodeResult, RunResult
from flowloom.flows.engine.scheduler import OnFailure, Record, Scheduler
from flowloom.flows.engine.scope import Approver, RunScope, redacted
from flowloom.flows.engine.streams import Replayed, Stream, is_stream
from flowloom.flows.engine.threads import Mailbox, Threads
from flowloom.flows.errors import FlowloomError, OutputError, RunCancelled
from flowloom.flows.model.coerce import flow_inputs
from flowloom.flows.model.flow import EMPTY, Constant, FlowOutput, Reference
from flowloom.flows.model.references import follow
from flowloom.flows.node.single_result import SingleResult

if TYPE_CHECKING:
    from flowloom.flows.connections.redact import Redactor
    from flowloom.flows.engine.cache import Cache
    from flowloom.flows.engine.event_queue import EventQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run. ``nodes`` limits the run to those nodes (a plan's); ``known`` are outputs that are there already, ``pinned`` which of
    them to show as results. ``part`` is ``row`` for one row of many, without the aggregation nodes, and ``aggregation`` for these alone,
    over ``rows``. ``stream`` says whether anybody watches pieces of output, ``exchanges`` whether anybody looks at model calls, ``echo`` whether prints also go where they would have gone."""

    nodes: frozenset[str] | None = None
    part: Literal["all", "row", "aggregation"] = "all"
    rows: Sequence[aggregate.Row] = ()
    known: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    pinned: frozenset[str] = frozenset()
    cache: Cache | None = None
    reuse: bool = False
    stream: bool = False
    exchanges: bool = False
    echo: bool = True
    on_failure: OnFailure = "cancel"
    grace: float = 1.5
    approver: Approver | None = None
    pressure: EventQueue | None = None
    run_id: str | None = None
    depth: int = 0
    prefix: str = ""


def new_run_id() -> str:
    """32 random hexadecimal digits. ``uuid`` would import ``platform`` with it, which a short run notices."""
    return os.urandom(16).hex()


def _nobody(event: Event) -> None:
    """Reads no events."""


class Run:
    """``execute`` may be called once. ``sink`` receives every event, on the loop's thread, and must return soon."""

    def __init__(
        self,
        prepared: PreparedFlow,
        inputs: Mapping[str, Any],
        options: RunOptions = RunOptions(),
        sink: Callable[[Event], None] = _nobody,
        queue: EventQueue | None = None,
    ) -> None:
        self.prepared = prepared
        self.flow = prepared.flow
        self.run_id = options.run_id or new_run_id()
        self.metrics: dict[str, Any] = {}
        self.row: aggregate.Row | None = None
        """What aggregation needs of this run, once its outputs are there."""
        self.outputs: dict[str, Any] = {}
        self.error: FlowloomError | None = None
        self.seconds = 0.0
        self._given = inputs
        self._options = options
        self._sink = sink
        self._queue = queue
        self._records: dict[str, Record] = {}
        self._scheduler: Scheduler | None = None
        self._cancelled = False
        self._interrupted: asyncio.CancelledError | None = None

    def cancel(self) -> None:
        """Stop the run; ``execute`` then returns with status ``cancelled``. For the loop's thread only."""
        self._cancelled = True
        if self._scheduler is not None:
            self._scheduler.stop(faults.stopped())

    async def execute(self) -> RunResult:
        """Run the flow. What goes wrong in it is in the result; only being cancelled raises, after everything has stopped."""
        await self.run_through()
        return self.result()

    async def run_through(self) -> None:
        """The same for a caller who has read the events, and needs the result later or never."""
        started = perf_counter()
        options = self._options
        loop = asyncio.get_running_loop()
        scope = RunScope(
            prepared=self.prepared,
            run_id=self.run_id,
            loop=loop,
            mailbox=Mailbox(loop, contextvars.copy_context()),
            threads=Threads(f"flow-{self.flow.name}"),
            emit=self._sink,
            wants_stream=options.stream or self._queue is not None,
            exchanges=options.exchanges,
            echo=options.echo,
            cache=options.cache,
            reuse=options.reuse,
            pressure=self._queue or options.pressure,
            approver=options.approver,
            depth=options.depth,
            prefix=options.prefix,
        )
        names = tuple(self.flow.nodes if options.nodes is None else filter(options.nodes.__contains__, self.flow.nodes))
        self._sink(RunStarted(self.run_id, self.flow.name, names, time()))
        try:
            with self.prepared.environment:
                await self._work(scope)
        except asyncio.CancelledError as error:
            self._cancelled, self._interrupted = True, error
        except FlowloomError as error:
            self.error = self.error or scope.redacted(error)
        except Exception as error:
            self.error = self.error or scope.redacted(faults.of_the_engine(error))
        finally:
            await self._leave_no_thread(scope)
            self.seconds = perf_counter() - started
        if self._cancelled:
            self.error = faults.stopped()
        if self.error is not None:
            self.outputs = {}
        self._sink(RunFinished(self.run_id, self.status, self.outputs, self.error, self.seconds))
        if self._interrupted is not None:
            raise self._interrupted

    @property
    def status(self) -> RunStatus:
        if self.error is None:
            return "completed"
        return "cancelled" if self._cancelled else "failed"

    def result(self) -> RunResult:
        """What the run came to, or has so far."""
        nodes: dict[str, NodeResult] = {name: _node_result(self._records[name]) for name in self.flow.nodes if name in self._records}
        return RunResult(self.run_id, self.status, self.outputs, nodes, self.metrics, self.error, self.seconds)

    # The parts of a run

    async def _work(self, scope: RunScope) -> None:
        options = self._options
        later = self.prepared.shape(options.nodes, options.known, aggregation=True)
        values = dict(options.known)
        if options.part == "aggregation":
            await self._aggregate(scope, later, options.rows, values)
            return
        shape = self.prepared.shape(options.nodes, options.known, aggregation=False)
        scope.inputs = await self._inputs(scope, (shape, later))
        columns = aggregate.asked_for(self.flow, later.steps)
        for name in options.pinned:
            self._show(scope, name, values[name])
        await self._pass(scope, shape, values, frozenset({*self._shown_nodes(), *(reference.name for reference in columns)}))
        if self.flow.kind == "dag":
            given = {name: output for name, output in self.flow.outputs.items() if self._can_give(output, values)}
            outputs = {name: await self._output(scope, output, values) for name, output in given.items()}
        else:
            outputs = _opaque_outputs(values)
        self.row = aggregate.take_row(columns, values, scope.inputs)
        self._check(outputs, scope)
        # A flow whose aggregation asks for no node's output has nothing to aggregate in a single run, as in prompt flow.
        if options.part == "all" and later.steps and (columns or options.nodes is not None):
            await self._aggregate(scope, later, [self.row], values)

    async def _inputs(self, scope: RunScope, shapes: Iterable[Shape]) -> dict[str, Any]:
        flow = self.flow
        if flow.kind != "dag":
            # Its one node takes what was given: it knows its sample, defaults and types itself.
            return dict(self._given)
        if self._options.nodes is not None:
            nodes = [step.node for shape in shapes for step in shape.steps.values()]
            named = {reference.name for node in nodes for reference in node.references if reference.source == "input"}
            flow = replace(flow, inputs={name: spec for name, spec in flow.inputs.items() if name in named})
        root = self.prepared.files.root
        if all(spec.type in ("string", "int", "double", "bool") for spec in flow.inputs.values()):
            return flow_inputs(flow, self._given, root=root)
        # Images may have to be read or fetched, which must not hold up the loop.
        return await work.in_thread("inputs", lambda: flow_inputs(flow, self._given, root=root), scope)

    async def _pass(self, scope: RunScope, shape: Shape, values: dict[str, Any], collected: frozenset[str]) -> None:
        if self._cancelled:
            raise faults.stopped()
        options = self._options
        scheduler = Scheduler(scope, shape, values, collected=collected, on_failure=options.on_failure, grace=options.grace)
        self._scheduler = scheduler
        try:
            with capture(scheduler):
                await scheduler.run()
        finally:
            self._records.update(scheduler.records)
            self._scheduler = None
        if scheduler.error is not None:
            raise scheduler.error

    async def _aggregate(self, scope: RunScope, shape: Shape, rows: Sequence[aggregate.Row], values: dict[str, Any]) -> None:
        def count(event: Event) -> None:
            if isinstance(event, Metric):
                self.metrics[event.key] = event.value
            self._sink(event)

        scope.emit = count
        over = {name: aggregate.over_rows(step, rows) for name, step in shape.steps.items()}
        try:
            await self._pass(scope, shape_of(over, values), values, frozenset())
        except RunCancelled:
            raise
        except FlowloomError as error:
            # It fails alone: the rows have succeeded, and the run with them.
            if error.node is not None and error.node not in self._records:
                self._sink(Log(error.node, error.message, "error"))
        finally:
            scope.emit = self._sink

    def _shown_nodes(self) -> Iterator[str]:
        for output in self.flow.outputs.values():
            if isinstance(output.binding, Reference) and output.binding.source == "node":
                yield output.binding.name

    def _can_give(self, output: FlowOutput, values: Mapping[str, Any]) -> bool:
        """Outputs of aggregation nodes are left out, as in prompt flow, and in a partial run those of nodes that were not part of it."""
        binding = output.binding
        if isinstance(binding, Constant):
            return True
        if binding.source == "input":
            return self._options.nodes is None
        node = self.flow.nodes.get(binding.name)  # type: ignore[call-overload]
        return (node is None or not node.aggregation) and (self._options.nodes is None or binding.name in values)

    async def _output(self, scope: RunScope, output: FlowOutput, values: Mapping[str, Any]) -> Any:
        binding = output.binding
        if isinstance(binding, Constant):
            return copy.deepcopy(binding.value)
        if binding.source == "input":
            return scope.inputs[binding.name]
        value = values.get(binding.name, BYPASSED)
        if isinstance(value, Stream) and not binding.path:
            return value.joined()
        value = str(value) if isinstance(value, Replayed) else None if value is BYPASSED else value
        value = follow(value, binding.path, reference=binding)
        return await _joined(scope, value) if is_stream(value) else value

    def _check(self, outputs: dict[str, Any], scope: RunScope) -> None:
        for name, value in outputs.items():
            obstacle = codec.has_json_form(value)
            if obstacle is not None and self.error is None:
                output = self.flow.outputs.get(name)
                binding = output.binding if output is not None else None
                self.error = scope.redacted(
                    OutputError(
                        f"The output '{name}' cannot leave the flow, because it cannot be written as JSON: {obstacle}.",
                        hint="Let the node return text, numbers, lists and objects only.",
                        node=binding.name if isinstance(binding, Reference) and binding.source == "node" else None,
                        field=name,
                    )
                )
        self.outputs = outputs

    def _show(self, scope: RunScope, name: str, value: Any) -> None:
        event: Record
        if value is BYPASSED:
            event = NodeSkipped(scope.prefix + name, "upstream", "It was bypassed in the run that is continued.")
        else:
            event = NodeFinished(scope.prefix + name, value, 0.0, cached=True)
        self._records[name] = event
        self._sink(event)

    async def _leave_no_thread(self, scope: RunScope) -> None:
        """End the run's threads; those that do not end within the grace are reported."""
        # A thread that has handed over its result needs a moment to go; only a tool at work needs more.
        if not scope.threads.close(0.02):
            return
        left: asyncio.Future[list[str]] = scope.loop.create_future()
        spent = perf_counter() - scope.stopped_at if scope.stopping else 0.0
        patience = max(0.05, self._options.grace - spent)

        def close() -> None:
            scope.mailbox.post(left.set_result, scope.threads.close(patience))

        thread = threading.Thread(target=close, name="flow-end", daemon=True)
        thread.start()
        while not left.done():
            try:
                await asyncio.wait({left})
            except asyncio.CancelledError as error:
                self._cancelled, self._interrupted = True, error
        thread.join()
        for name in dict.fromkeys(left.result()):
            self._sink(Log(scope.prefix + name, faults.thread_left_behind(name), "warning"))


def _opaque_outputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs of a flow that is one node: an object's keys, or anything else under the name ``output``."""
    value = next(iter(values.values()))
    if isinstance(value, Stream):
        value = value.joined()
    return dict(value) if isinstance(value, dict) else SingleResult(value)


def failed_run(
    flow: str, options: RunOptions, error: FlowloomError, redactor: Redactor, sink: Callable[[Event], None] = _nobody
) -> RunResult:
    """The run of a flow that could not be made ready: it starts, and has failed."""
    run_id = options.run_id or new_run_id()
    redacted(error, redactor)
    sink(RunStarted(run_id, flow, (), time()))
    sink(RunFinished(run_id, "failed", {}, error, 0.0))
    return RunResult(run_id, "failed", error=error)


async def _joined(scope: RunScope, value: Iterator[Any] | AsyncIterator[Any]) -> str:
    if isinstance(value, Iterator):
        return await work.in_thread("outputs", lambda: "".join(str(chunk) for chunk in value), scope)
    return "".join([str(chunk) async for chunk in value])


def _node_result(record: Record) -> NodeResult:
    if isinstance(record, NodeFinished):
        return NodeResult("completed", record.output, record.seconds, record.cached, record.usage)
    if isinstance(record, NodeSkipped):
        return NodeResult("bypassed")
    if isinstance(record, NodeFailed):
        return NodeResult("failed", seconds=record.seconds, error=record.error)
    return NodeResult("cancelled", seconds=record.seconds)
