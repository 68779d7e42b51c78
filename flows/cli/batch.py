"""``flowloom batch``: runs a flow over the rows of a dataset.

With ``--json`` stdout is exactly one object; the progress, and what the flow prints, go to stderr. Every row's inputs and outputs go to
a JSONL file, whose path is printed.
"""

from __future__ import annotations

import argparse
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.flows.cli import sink, words
from flowloom.flows.cli.run import write_line

if TYPE_CHECKING:
    from flowloom.flows.api import LoadedFlow
    from flowloom.flows.batch.runner import BatchResult
    from flowloom.flows.cli.capture import Terminal
    from flowloom.flows.cli.interrupt import Interrupt

DEFAULT_CONCURRENCY = 10
SHOWN_FAILURES = 5


def register(parser: argparse.ArgumentParser) -> None:
    """Run a flow over many rows."""
    parser.add_argument("path", help="the flow's folder, a flow file, or a .prompty file")
    parser.add_argument("--data", required=True, metavar="FILE", help="the rows: a .jsonl, .json, .csv or .tsv file")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME='${data.COLUMN}'",
        help="which column feeds an input, or a fixed value; without it an input takes the column of its own name",
    )
    parser.add_argument("--concurrency", type=int, default=DEFAULT_CONCURRENCY, metavar="N", help="rows at a time (%(default)s)")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first rows")
    parser.add_argument("--results", metavar="FILE.jsonl", help="where to write one line a row (in the flow's .flowloom folder unless given)")
    parser.add_argument("--init", metavar="FILE.json", help="values a flex flow's class is built with")
    parser.add_argument("--variant", action="append", default=[], metavar="'${NODE.VARIANT}'", help="run a node in another variant")
    parser.add_argument("--connections", action="append", default=[], metavar="FILE.yaml", help="a file of connections")
    parser.add_argument("-e", "--environment", action="append", default=[], metavar="NAME=VALUE", help="an environment variable for the flow")
    parser.add_argument("--json", action="store_true", help="print one JSON object with what the batch came to")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.cli.capture import results_alone
    from flowloom.flows.cli.interrupt import Interrupt

    with results_alone() as terminal, Interrupt() as interrupt:
        result = _attempt(arguments, terminal, interrupt)
        return _deliver(arguments, result, terminal)


def _attempt(arguments: argparse.Namespace, terminal: Terminal, interrupt: Interrupt) -> BatchResult:
    """Run the batch; whatever keeps it from running becomes a result too."""
    from flowloom.flows.batch.runner import BatchResult
    from flowloom.flows.cli.failure import unexpected
    from flowloom.flows.errors import FlowloomError, RunCancelled

    try:
        return _run(arguments, terminal, interrupt)
    except FlowloomError as error:
        failure = error
    except KeyboardInterrupt:
        failure = RunCancelled("The batch was stopped.", hint="Run it again to do the rest.")
    except Exception as error:
        failure = unexpected(error)
        failure.__cause__ = error
    return BatchResult("", "cancelled" if isinstance(failure, RunCancelled) else "failed", error=failure)


def _run(arguments: argparse.Namespace, terminal: Terminal, interrupt: Interrupt) -> BatchResult:
    from flowloom.flows.api import load_flow
    from flowloom.flows.cli.run_inputs import read_pairs, read_values
    from flowloom.flows.cli.variants import read_variants
    from flowloom.flows.connections.store import Connections
    from flowloom.flows.engine.loops import run_to_end
    from flowloom.flows.errors import UsageError

    if arguments.limit is not None and arguments.limit < 1:
        raise UsageError("--limit needs a number of rows, from 1.", hint="Leave it out to run all rows.")
    connections = Connections(arguments.connections)
    sink.use(connections.redactor)
    options: dict[str, Any] = {"init": read_values(arguments.init)} if arguments.init is not None else {}
    environment = read_pairs(arguments.environment, "-e", "NAME=VALUE")
    with load_flow(
        arguments.path, connections=connections, variant=read_variants(arguments.variant), environment=environment, **options
    ) as loaded:
        data = Path(arguments.data).resolve()
        return run_to_end(_follow(loaded, arguments, data, terminal, interrupt))


async def _follow(
    loaded: LoadedFlow, arguments: argparse.Namespace, data: Path, terminal: Terminal, interrupt: Interrupt
) -> BatchResult:
    import asyncio

    from flowloom.flows.batch.dataset import read_rows
    from flowloom.flows.batch.mapping import complete_mapping, parse_mapping
    from flowloom.flows.batch.runner import BatchRun, batch_inputs
    from flowloom.flows.cli.batch_progress import make_progress
    from flowloom.flows.engine.workspace import working_directory

    rows = read_rows(data, limit=arguments.limit)
    asked = parse_mapping(arguments.map)
    results = _results_path(loaded, arguments.results)
    with working_directory(loaded.working_folder()), make_progress(terminal, _count(data, arguments.limit)) as progress:
        batch = BatchRun(
            loaded,
            rows,
            complete_mapping(batch_inputs(loaded), asked),
            concurrency=arguments.concurrency,
            results=results,
            data_folder=data.parent,
            progress=progress.show,
        )
        interrupt.on_stop(asyncio.get_running_loop(), batch.cancel)
        interrupt.on_abandon(progress.abandon)
        return await batch.execute()


def _results_path(loaded: LoadedFlow, given: str | None) -> Path:
    if given is not None:
        return Path(given).resolve()
    from flowloom.flows.document.private_folder import private_folder
    from flowloom.flows.engine.places import private_place

    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:6]}"
    place = private_place(loaded.flow.root).parent
    place.mkdir(parents=True, exist_ok=True)
    return private_folder(place, "batches", name) / "results.jsonl"


def _count(data: Path, limit: int | None) -> int | None:
    """How many rows there are to come, for a bar: by lines, which is right for JSONL; None where it cannot be told cheaply."""
    if data.suffix.lower() != ".jsonl" or data.stat().st_size > 1 << 30:
        return limit
    with open(data, "rb") as file:
        count = sum(1 for line in file if line.strip())
    return count if limit is None else min(count, limit)


def _deliver(arguments: argparse.Namespace, result: BatchResult, terminal: Terminal) -> int:
    from flowloom.flows.cli.failure import exit_code, say

    if arguments.json:
        import json

        from flowloom.flows.engine.codec import to_json

        answer = to_json(result.as_json())
        for part in ("error", "failures", "warnings"):
            answer[part] = sink.redact(answer[part])
        answer["run_id"] = result.run_id or None
        write_line(terminal, json.dumps(answer, ensure_ascii=False, indent=2 if sink.is_terminal(terminal.results) else None))
    else:
        _say_summary(result, terminal)
    if result.error is not None:
        if result.status == "cancelled":
            sink.say(sink.style("Stopped.", "yellow"))
        else:
            say(result.error)
    if result.status == "cancelled":
        return 130
    return 0 if result.status == "completed" else 1 if result.failed else exit_code(result.error)


def _say_summary(result: BatchResult, terminal: Terminal) -> None:
    for failure in result.failures[:SHOWN_FAILURES]:
        sink.say(f"  row {failure.number}: {sink.style('failed', 'red')}  {sink.clean(failure.error.message)}")
    if result.failed > SHOWN_FAILURES:
        sink.say(f"  and {words.plural(result.failed - SHOWN_FAILURES, 'more row')} that failed; the results file has them all")
    for name, node in result.nodes.items():
        if node.error is not None:
            sink.say(f"  {sink.clean(name)}: {sink.style('failed', 'red')}  {sink.clean(node.error.message)}")
    for warning in result.warnings:
        sink.say(f"  {sink.style('warning', 'yellow')}  {sink.clean(warning)}")
    if result.completed or result.failed:
        parts = [f"{words.plural(result.completed, 'row')} done", f"{result.failed:,} failed" if result.failed else ""]
        parts += [words.seconds(result.seconds), words.usage(result.usage)]
        sink.say(", ".join(part for part in parts if part))
    for name, value in result.metrics.items():
        write_line(terminal, f"{name}: {value}")
    if result.results is not None:
        shown = os.path.relpath(result.results)
        write_line(terminal, f"results: {result.results if shown.startswith('..') else shown}")
