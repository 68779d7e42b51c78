"""A flow over many rows, side by side in one asyncio process, and its aggregation nodes once at the end.

A row that fails is reported and stops nothing. Rows are read as they are needed and results written as they come, so memory does not
grow with the number of rows, except for what aggregation nodes ask of them.
"""

from __future__ import annotations

import asyncio
import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flowloom.flows.batch.dataset import Row
from flowloom.flows.batch.mapping import apply_mapping
from flowloom.flows.batch.results import ResultsFile
from flowloom.flows.engine.aggregate import Row as AggregationRow
from flowloom.flows.engine.events import RunStatus, Usage
from flowloom.flows.engine.result import NodeResult, RunResult
from flowloom.flows.engine.run import Run, RunOptions
from flowloom.flows.errors import FlowloomError, RunCancelled, UsageError
from flowloom.flows.model.flow import MISSING, FlowInput

if TYPE_CHECKING:
    from flowloom.flows.api import LoadedFlow
    from flowloom.flows.engine.prepare import PreparedFlow

MAX_CONCURRENCY = 1_000
REMEMBERED_FAILURES = 20
"""How many failing rows the summary keeps; the results file has them all."""


@dataclass(frozen=True, slots=True)
class RowFailure:
    """A row that failed: its number, from 0, and why."""

    number: int
    error: FlowloomError

    def as_json(self) -> dict[str, Any]:
        return {"line_number": self.number, "error": self.error.as_json()}


@dataclass(slots=True)
class BatchResult:
    """What a batch came to. ``failures`` holds the first ones; ``nodes`` are the aggregation nodes; ``usage`` is summed over all rows;
    ``warnings`` are sentences for people."""

    run_id: str
    status: RunStatus = "completed"
    completed: int = 0
    failed: int = 0
    failures: list[RowFailure] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, NodeResult] = field(default_factory=dict)
    usage: Usage | None = None
    warnings: list[str] = field(default_factory=list)
    error: FlowloomError | None = None
    seconds: float = 0.0
    results: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of ``flowloom batch --json``; pass it through ``codec.to_json`` before writing it."""
        return {
            "status": self.status,
            "rows": {"total": self.completed + self.failed, "completed": self.completed, "failed": self.failed},
            "failures": [failure.as_json() for failure in self.failures],
            "metrics": self.metrics,
            "nodes": {name: node.as_json() for name, node in self.nodes.items()},
            "usage": self.usage.as_json() if self.usage else None,
            "warnings": self.warnings,
            "results": str(self.results) if self.results else None,
            "error": self.error.as_json() if self.error else None,
            "seconds": self.seconds,
            "run_id": self.run_id,
        }


def batch_inputs(loaded: LoadedFlow) -> Mapping[str, FlowInput]:
    """The inputs that columns may feed: the flow's own, or for a flex flow those of its entry's signature, which imports its code.

    Raises what keeps the flow from running.
    """
    flow = loaded.flow
    if flow.kind != "flex" or flow.inputs:
        return flow.inputs
    prepared = loaded.prepare()
    ports = {name: port for node in flow.nodes for name, port in prepared.step(node).bound.ports.inputs.items()}
    return {name: FlowInput(name, port.type, MISSING if port.required else port.default) for name, port in ports.items()}


class BatchRun:
    """One pass of a flow over a dataset. ``execute`` may be called once.

    ``rows`` may be any length; ``mapping`` gives the flow's inputs from a row (``flowloom.flows.batch.mapping``); the file ``results``
    receives one line a row; ``progress`` is called on the loop after every row with the result so far.
    """

    def __init__(
        self,
        loaded: LoadedFlow,
        rows: Iterator[Row],
        mapping: Mapping[str, Any],
        *,
        concurrency: int = 10,
        results: Path | None = None,
        data_folder: Path | None = None,
        progress: Callable[[BatchResult], None] | None = None,
        grace: float = 2.0,
    ) -> None:
        if not 1 <= concurrency <= MAX_CONCURRENCY:
            raise UsageError(
                f"{concurrency} rows at a time is not possible.", hint=f"Choose a number from 1 to {MAX_CONCURRENCY} with --concurrency."
            )
        self.result = BatchResult(uuid.uuid4().hex)
        self._loaded = loaded
        self._rows = rows
        self._mapping = mapping
        self._concurrency = concurrency
        self._results_path = results
        self._results: ResultsFile | None = None
        self._data_folder = data_folder
        self._progress = progress
        self._grace = grace
        self._aggregates = any(node.aggregation for node in loaded.flow.nodes.values())
        self._aggregate_flex: Callable[[list[Any]], Any] | None = None
        self._kept: dict[int, AggregationRow | dict[str, Any]] = {}
        self._cancelled = False
        self._running: set[Run] = set()

    def cancel(self) -> None:
        """Stop: rows at work end as cancelled, none begins, nothing is aggregated. For the loop's thread only."""
        self._cancelled = True
        for run in tuple(self._running):
            run.cancel()

    async def execute(self) -> BatchResult:
        """Run all rows, then the aggregation nodes. Raises what keeps every row from running (an invalid flow, code that cannot be
        imported, a dataset that cannot be read); what goes wrong in a row is in the result."""
        started = perf_counter()
        result = self.result
        prepared = self._loaded.prepare()
        if self._loaded.flow.kind == "flex":
            self._aggregate_flex = next((prepared.step(name).bound.aggregate for name in self._loaded.flow.nodes), None)
        if self._results_path is not None:
            self._results = ResultsFile(self._results_path)
        try:
            await self._all_rows(prepared)
            result.failures.sort(key=lambda failure: failure.number)
            if self._cancelled:
                result.status, result.error = "cancelled", RunCancelled("The batch was stopped.", hint="Run it again to do the rest.")
            elif not result.completed:
                result.status = "failed"
                result.error = self._nothing_completed()
            elif self._aggregate_flex is not None:
                await self._aggregate_outputs(prepared, self._aggregate_flex)
            elif self._aggregates:
                await self._aggregate(prepared)
        finally:
            result.seconds = perf_counter() - started
            if self._results is not None:
                self._results.close()
                result.results = self._results.path
        return result

    def _nothing_completed(self) -> FlowloomError:
        failures = self.result.failures
        if not failures:
            return UsageError("The dataset has no rows.", hint="Check the file given with --data.")
        first = failures[0].error
        return UsageError(f"Every row failed; the first one: {first.message}", hint=first.hint, node=first.node)

    async def _all_rows(self, prepared: PreparedFlow) -> None:
        workers = [asyncio.create_task(self._work(prepared)) for _ in range(self._concurrency)]
        try:
            done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            for worker in done:
                worker.result()
        except asyncio.CancelledError:
            self.cancel()
            await asyncio.wait(workers)
            raise
        finally:
            if any(not worker.done() for worker in workers):
                self.cancel()
                await asyncio.wait(workers)

    async def _work(self, prepared: PreparedFlow) -> None:
        for row in self._rows:
            if self._cancelled:
                return
            started = perf_counter()
            try:
                if row.fault is not None:
                    raise row.fault
                inputs = apply_mapping(self._mapping, {"data": self._with_images(row.values)})
                run = Run(prepared, inputs, RunOptions(part="row", grace=self._grace))
                self._running.add(run)
                try:
                    result = await run.execute()
                finally:
                    self._running.discard(run)
                if result.status == "completed":
                    if self._aggregate_flex is not None:
                        self._kept[row.number] = result.outputs
                    elif self._aggregates and run.row is not None:
                        self._kept[row.number] = run.row
            except FlowloomError as error:
                # The run itself reports what fails in it: this row has none, because its values do not fit.
                result, inputs = RunResult("", "failed", error=error, seconds=perf_counter() - started), row.values
            self._record(row, inputs, result)

    def _with_images(self, values: dict[str, Any]) -> dict[str, Any]:
        """Images named relative to the data file, loaded; those that are not there may still be relative to the flow's folder."""
        if self._data_folder is None or not any(isinstance(value, dict | list) for value in values.values()):
            return values
        from flowloom.flows.model.images import load_images

        try:
            return load_images(values, self._data_folder, message_format=self._loaded.flow.message_format)
        except FlowloomError:
            return values  # the flow's own reading of its inputs finds them, or says what is wrong

    def _record(self, row: Row, inputs: Mapping[str, Any], result: RunResult) -> None:
        batch = self.result
        if result.status == "cancelled":
            return  # neither done nor failed: a later run does it
        usage = sum((node.usage for node in result.nodes.values() if node.usage), Usage())
        if usage.calls:
            batch.usage = usage if batch.usage is None else batch.usage + usage
        if result.error is None:
            batch.completed += 1
        else:
            batch.failed += 1
            if len(batch.failures) < REMEMBERED_FAILURES:
                batch.failures.append(RowFailure(row.number, result.error))
        if self._results is not None:
            self._results.add(
                row.number,
                {
                    "line_number": row.number,
                    "status": result.status,
                    "inputs": dict(inputs),
                    "outputs": result.outputs,
                    "error": result.error.as_json() if result.error else None,
                    "seconds": round(result.seconds, 6),
                    "usage": usage.as_json() if usage.calls else None,
                },
            )
        if self._progress is not None:
            self._progress(batch)

    async def _aggregate_outputs(self, prepared: PreparedFlow, aggregate: Callable[[list[Any]], Any]) -> None:
        """A flex flow's ``__aggregate__`` over the rows' outputs. What it returns are the metrics; where it fails there are none."""
        outputs = [self._kept.pop(number) for number in sorted(self._kept)]
        try:
            with prepared.environment:
                if inspect.iscoroutinefunction(aggregate):
                    metrics = await aggregate(outputs)
                else:
                    metrics = await asyncio.to_thread(aggregate, outputs)
        except Exception as error:
            self.result.warnings.append(f"__aggregate__ failed, so there are no metrics: {type(error).__name__}: {error}")
            return
        if isinstance(metrics, dict):
            self.result.metrics = metrics
        elif metrics is not None:
            self.result.warnings.append(f"__aggregate__ returned {type(metrics).__name__}, not a dict, so there are no metrics.")

    async def _aggregate(self, prepared: PreparedFlow) -> None:
        kept = (self._kept.pop(number) for number in sorted(self._kept))
        rows = [row for row in kept if isinstance(row, AggregationRow)]
        run = Run(prepared, {}, RunOptions(part="aggregation", rows=rows, grace=self._grace))
        self._running.add(run)
        try:
            outcome = await run.execute()
        finally:
            self._running.discard(run)
        self.result.nodes = outcome.nodes
        self.result.metrics = outcome.metrics
        if outcome.error is not None:
            self.result.status, self.result.error = outcome.status, outcome.error
