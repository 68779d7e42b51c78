"""``flowloom run``: runs a flow and shows it going.

With ``--json`` stdout is exactly one object, with ``--events`` one JSON line an event, whatever happens; everything
else, a flow's own prints too, goes to stderr. Without either, the run is drawn on stderr and the outputs are printed on
stdout. Such a run is recorded; one of a program (``--json``, ``--events``) only where it asks, as a record takes a
fiftieth of a second."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, Protocol

from flowloom.flows.cli import sink, startup
from flowloom.flows.errors import FlowloomError, RunCancelled, UsageError

if TYPE_CHECKING:
    from flowloom.flows.api import LoadedFlow
    from flowloom.flows.cli.capture import Terminal
    from flowloom.flows.engine.events import Event
    from flowloom.flows.engine.result import RunResult


class Presenter(Protocol):
    """Shows a run. ``show`` gets every event, ``printed`` what was printed meanwhile, where the presenter asked for
    it.
    """

    def show(self, event: Event) -> None: ...
    def printed(self, text: str) -> None: ...
    def close(self) -> None: ...


def register(parser: argparse.ArgumentParser) -> None:
    """Run a flow."""
    parser.add_argument("path", help="the flow's folder, a flow file, or a .prompty file")
    add_run_options(parser)
    parser.set_defaults(run=run)


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command which runs a flow has."""
    parser.add_argument(
        "-i", "--input", action="append", default=[], metavar="NAME=VALUE", help="a value for an input of the flow"
    )
    parser.add_argument(
        "--inputs",
        metavar="FILE.json",
        help="values for the inputs: a JSON object, or the first row of a JSONL file; - is stdin",
    )
    parser.add_argument("--init", metavar="FILE.json", help="values a flex flow's class is built with")
    parser.add_argument("--node", metavar="NAME", help="run up to this node")
    parser.add_argument(
        "--only", action="store_true", help="with --node: run that node alone, on pinned or kept outputs"
    )
    parser.add_argument(
        "--pins", action="store_true", help="take the outputs pinned in flow.pins.json instead of running those nodes"
    )
    parser.add_argument("--cache", action="store_true", help="reuse kept outputs of nodes whose inputs did not change")
    parser.add_argument(
        "--variant", action="append", default=[], metavar="'${NODE.VARIANT}'", help="run a node in another variant"
    )
    parser.add_argument("--connections", action="append", default=[], metavar="FILE.yaml", help="a file of connections")
    parser.add_argument(
        "-e",
        "--environment",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an environment variable for the flow",
    )
    parser.add_argument(
        "--record",
        action=argparse.BooleanOptionalAction,
        help="keep a record of the run for 'flowloom runs'; done anyway, unless with --json or --events",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object with the outputs and every node")
    form.add_argument("--events", action="store_true", help="print one JSON line an event")
    form.add_argument(
        "--plain", action="store_true", help="plain lines, also on a terminal; leaves the terminal to a debugger"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.only and not arguments.node:
        raise UsageError("--only needs --node: the node that is to run alone.")
    if arguments.plain:
        return _run_plain(arguments)
    from flowloom.flows.cli.capture import results_alone
    from flowloom.flows.cli.interrupt import Interrupt

    with results_alone() as terminal, Interrupt() as interrupt:
        presenter = _presenter(arguments, terminal)
        interrupt.on_abandon(getattr(presenter, "abandon", None))
        result = _attempt(arguments, presenter, interrupt)
        presenter.close()
        return _deliver(arguments, result, terminal)


def _run_plain(arguments: argparse.Namespace) -> int:
    """Nothing stands between the flow's code and the terminal."""
    from flowloom.flows.cli.capture import Terminal
    from flowloom.flows.cli.interrupt import Interrupt
    from flowloom.flows.cli.plain import PlainLines

    with Interrupt() as interrupt:
        result = _attempt(arguments, PlainLines(), interrupt)
    return _deliver(arguments, result, Terminal(sys.stdout, sys.stderr))


def _presenter(arguments: argparse.Namespace, terminal: Terminal) -> Presenter:
    if arguments.events:
        return _EventLines(terminal)
    if arguments.json:
        return _Nothing()
    if sink.is_terminal(terminal.people):
        from flowloom.flows.cli.tree import LiveTree

        tree = LiveTree(os.path.basename(os.path.abspath(arguments.path)), terminal.people)
        terminal.forward = tree.printed
        return tree
    from flowloom.flows.cli.plain import PlainLines

    return PlainLines()


class _Nothing:
    """The result alone tells the story."""

    def show(self, event: Event) -> None: ...
    def printed(self, text: str) -> None: ...
    def close(self) -> None: ...


class _EventLines:
    """Every event as a line of JSON, secrets masked."""

    def __init__(self, terminal: Terminal) -> None:
        from flowloom.flows.cli.event_lines import EventLines

        self._lines = EventLines(terminal.results)

    def show(self, event: Event) -> None:
        self._lines.write(event)

    def printed(self, text: str) -> None: ...
    def close(self) -> None: ...


def _attempt(arguments: argparse.Namespace, presenter: Presenter, interrupt: Any) -> RunResult:
    """Run the flow; whatever keeps it from running becomes a result too."""
    try:
        return _run(arguments, presenter, interrupt)
    except FlowloomError as error:
        failure = error
    except KeyboardInterrupt:
        failure = RunCancelled("The run was stopped.", hint="Run it again to get a result.")
    except Exception as error:
        from flowloom.flows.cli.failure import unexpected

        failure = unexpected(error)
        failure.__cause__ = error
    from flowloom.flows.engine.result import RunResult

    status = "cancelled" if isinstance(failure, RunCancelled) else "failed"
    return RunResult(run_id="", status=status, error=failure)


def _run(arguments: argparse.Namespace, presenter: Presenter, interrupt: Any) -> RunResult:
    from flowloom.flows.api import load_flow
    from flowloom.flows.cli.run_inputs import check_needed, read_inputs, read_pairs, read_values
    from flowloom.flows.connections.store import Connections
    from flowloom.flows.engine.loops import run_to_end
    from flowloom.flows.engine.workspace import working_directory

    connections = Connections(arguments.connections)
    sink.use(connections.redactor)
    given = read_inputs(arguments.input, arguments.inputs)
    environment = read_pairs(arguments.environment, "-e", "NAME=VALUE")
    options: dict[str, Any] = {}
    if arguments.variant:
        from flowloom.flows.cli.variants import read_variants

        options["variant"] = read_variants(arguments.variant)
    if arguments.init is not None:
        options["init"] = read_values(arguments.init)
    with load_flow(arguments.path, connections=connections, environment=environment, **options) as loaded:
        _check_inputs(loaded, given, arguments, check_needed)
        startup.settle()
        with working_directory(loaded.working_folder()):
            return run_to_end(_follow(loaded, given, arguments, presenter, interrupt))


def _check_inputs(loaded: LoadedFlow, given: dict[str, Any], arguments: argparse.Namespace, check_needed: Any) -> None:
    flow = loaded.flow
    if flow.kind != "dag":
        return  # its sample may stand in for all inputs
    if arguments.node is None:
        check_needed(flow, given)
    else:
        plan = loaded.plan(arguments.node, only=arguments.only, inputs=given, pins=arguments.pins)
        running = [flow.nodes[step.name] for step in plan.steps if step.runs]  # type: ignore[index]
        references = [reference for node in running for reference in node.references]
        check_needed(flow, given, {reference.name for reference in references if reference.source == "input"})
    for name in given:
        if name not in flow.inputs:
            takes = f"It takes: {', '.join(flow.inputs)}." if flow.inputs else "It takes none."
            sink.say(sink.style(f"The flow has no input {name!r}; the value is not used. {takes}", "yellow"))


async def _follow(
    loaded: LoadedFlow, given: dict[str, Any], arguments: argparse.Namespace, presenter: Presenter, interrupt: Any
) -> RunResult:
    import asyncio

    record = arguments.record if arguments.record is not None else not (arguments.json or arguments.events)
    events = loaded.stream_run(
        given, node=arguments.node, only=arguments.only, pins=arguments.pins, cache=arguments.cache, record=record
    )
    interrupt.on_stop(asyncio.get_running_loop(), events.cancel)
    if isinstance(presenter, _Nothing):
        # Nobody watches, so models are asked for their replies in one piece.
        result = await events.run()
    else:
        async with events:
            async for event in events:
                presenter.show(event)
            result = await events.result()
    if loaded.flow.kind != "dag":
        result.nodes.clear()  # as in prompt flow, such a flow has no nodes to report
    return result


def _deliver(arguments: argparse.Namespace, result: RunResult, terminal: Terminal) -> int:
    """Write what the run came to, and say what went wrong."""
    from flowloom.flows.engine.codec import result_json

    answer = result_json(result)
    answer["run_id"] = result.run_id or None
    if arguments.json:
        _write_object(answer, terminal)
    elif arguments.events:
        if not result.run_id:  # it never began, so no event has said how it ended
            _write_object({"type": "run_finished", **sink.redact(answer)}, terminal)
    elif result.status == "completed":
        from flowloom.flows.cli.outputs import write_outputs

        if sink.is_terminal(terminal.results) and sink.is_terminal(terminal.people):
            sink.write(terminal.results, "\n")
        write_outputs(answer["outputs"], terminal.results)
        terminal.results.flush()
        for name, value in answer["metrics"].items():
            sink.say(f"{sink.style('metric', 'dim')}  {sink.clean(str(name))} = {value}")
    return 0 if result.error is None else _say_failure(result)


def _say_failure(result: RunResult) -> int:
    from flowloom.flows.cli.failure import CANCELLED, exit_code, say

    if result.status == "cancelled":
        sink.say(sink.style("Stopped.", "yellow"))
        return CANCELLED
    assert result.error is not None
    say(result.error)
    _say_cause(result.error)
    return exit_code(result.error)


def _write_object(answer: dict[str, Any], terminal: Terminal) -> None:
    """Outputs stand as they are; the words of errors are masked."""
    import json

    answer["error"] = sink.redact(answer["error"])
    for node in answer["nodes"].values():
        node["error"] = sink.redact(node["error"])
    text = json.dumps(answer, ensure_ascii=False, indent=2 if sink.is_terminal(terminal.results) else None)
    write_line(terminal, text)


def write_line(terminal: Terminal, text: str) -> None:
    """A line of results, in UTF-8 whatever the terminal speaks."""
    stream = terminal.results
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        sink.write(stream, text + "\n")
    else:
        stream.flush()
        buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    stream.flush()


def _say_cause(error: FlowloomError) -> None:
    if error.__cause__ is not None and error.kind == "error" and os.environ.get("FLOWLOOM_DEBUG"):
        import traceback

        sink.say("".join(traceback.format_exception(error.__cause__)))
