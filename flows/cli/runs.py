"""``flowloom runs list|show|compare|delete``: the records of past runs of a flow. Reading them runs nothing."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.cli import sink
from flowloom.flows.errors import UsageError

if TYPE_CHECKING:
    from flowloom.flows.runs.history import RunHistory
    from flowloom.flows.runs.records import Comparison, NodeRecord, RunRecord, RunSummary

STATUSES: Final = ("running", "completed", "failed", "cancelled", "crashed")
_COLOURS: Final = {"completed": "green", "failed": "red", "crashed": "red", "cancelled": "yellow", "bypassed": "dim"}
_SHORT: Final = 8
"""Characters of an id that are shown; a command takes any beginning that only one run has."""
_SAMENESS: Final = {
    "same": "same",
    "changed": "changed",
    "unknown": "not known",
    "only_a": "only in the first",
    "only_b": "only in the second",
}


def register(parser: argparse.ArgumentParser) -> None:
    """Look at past runs of a flow, compare two, delete them."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="list|show|compare|delete", parser_class=type(parser)
    )
    listed = actions.add_parser("list", help="list the runs of a flow, the newest first")
    listed.add_argument("path", help="the flow's folder, or its flow file")
    listed.add_argument("-n", "--limit", type=int, default=20, metavar="COUNT", help="how many (20)")
    _add_filters(listed)
    listed.add_argument("--group", metavar="GROUP", help="every run of one comparison or batch, which else is one line")
    _add_json(listed)
    listed.set_defaults(run=_list)
    show = actions.add_parser("show", help="show what went in and out, and what each node did")
    show.add_argument("path", help="the flow's folder, or its flow file")
    show.add_argument("id", nargs="?", default="last", help="the run's id or its beginning; the newest unless given")
    show.add_argument("--node", metavar="NAME", help="one node, with everything that went in and out of it")
    _add_json(show)
    show.set_defaults(run=_show)
    compare = actions.add_parser("compare", help="compare two runs node by node")
    compare.add_argument("path", help="the flow's folder, or its flow file")
    compare.add_argument("a", help="the first run's id or its beginning")
    compare.add_argument("b", nargs="?", default="last", help="the second's; the newest unless given")
    _add_json(compare)
    compare.set_defaults(run=_compare)
    delete = actions.add_parser("delete", help="delete the records of runs")
    delete.add_argument("path", help="the flow's folder, or its flow file")
    delete.add_argument("ids", nargs="*", metavar="id", help="ids of runs, or their beginnings")
    delete.add_argument("--all", action="store_true", help="all runs, or those that the filters below leave")
    delete.add_argument("--older-than", type=float, metavar="DAYS", help="with --all: only runs older than this")
    _add_filters(delete)
    delete.add_argument("--yes", action="store_true", help="do not ask")
    _add_json(delete)
    delete.set_defaults(run=_delete)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", default="", metavar="TEXT", help="only runs with this in inputs, outputs or errors")
    parser.add_argument("--status", choices=STATUSES, help="only runs that ended so")
    parser.add_argument("--node", metavar="NAME", help="only runs in which this node took part")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _history(path: str) -> RunHistory:
    from flowloom.flows.runs.history import RunHistory

    place = Path(path)
    if not place.exists():
        raise UsageError(f"There is no flow at {path}.", hint="Name the flow's folder, or its flow file.")
    return RunHistory(place if place.is_dir() else place.parent)


def _list(arguments: argparse.Namespace) -> int:
    if arguments.limit < 1:
        raise UsageError("--limit must be at least 1.")
    runs = _history(arguments.path).list(
        limit=arguments.limit, text=arguments.text, status=arguments.status, node=arguments.node, group=arguments.group
    )
    if arguments.json:
        from dataclasses import asdict

        _print_json({"runs": [asdict(run) for run in runs]})
    elif not runs:
        filtered = arguments.text or arguments.status or arguments.node or arguments.group
        sink.say("No run is like that." if filtered else "No run of this flow is recorded. 'flowloom run' records its runs.")
    else:
        _print_rows(_summary_row(run) for run in runs)
    return 0


def _summary_row(run: RunSummary) -> list[str]:
    from flowloom.flows.cli import words

    status = sink.style(run.status, *_colours(run.status), stream=sink_out())
    spent = [words.seconds(run.seconds)] if run.seconds is not None else [""]
    spent.append(f"{run.tokens:,} tokens" if run.tokens else "")
    spent.append(words.price(run.price) if run.price else "")
    about = run.failure or run.about
    if run.count > 1:
        about = f"{run.count} runs of {run.group}: {about}"
    return [run.id[:_SHORT], _when(run.started), status, *spent, " ".join(about.split())]


def _show(arguments: argparse.Namespace) -> int:
    history = _history(arguments.path)
    record = history.load(history.find(arguments.id))
    if arguments.node is not None and arguments.node not in record.nodes:
        names = ", ".join(record.nodes) or "none"
        raise UsageError(f"The node {arguments.node!r} did not run then.", hint=f"These did: {names}.")
    if arguments.json:
        answer = record_json(record)
        _print_json(answer if arguments.node is None else {"run": record.id, "node": arguments.node, **answer["nodes"][arguments.node]})
    elif arguments.node is None:
        _print_record(record)
    else:
        _print_node(arguments.node, record.nodes[arguments.node])
    return 0


def _print_record(record: RunRecord) -> None:
    from flowloom.flows.cli import words

    parts = [record.id, _when(record.started), sink.style(record.status, *_colours(record.status), stream=sink_out())]
    parts += [words.seconds(record.seconds)] if record.seconds is not None else []
    parts += [used] if (used := words.usage(record.usage)) else []
    sink.tell("  ".join(parts))
    if record.ran:
        sink.tell(_dim(f"Flowloom {record.ran['flowloom']}, Python {record.ran['python']}, {record.ran['flow']['file']} {record.ran['flow']['hash']}"))
    _print_values("Inputs", record.inputs)
    if record.nodes:
        _print_title("Nodes")
        _print_rows((_node_row(name, node) for name, node in record.nodes.items()), indent="  ")
    _print_values("Outputs", record.outputs)
    _print_values("Metrics", record.metrics)
    _print_error(record.error)


def _node_row(name: str, node: NodeRecord) -> list[str]:
    from flowloom.flows.cli import words

    status = "from cache" if node.cached else node.status
    failure = node.error["message"] if node.error else node.why
    colour = _colours(node.status) if not node.cached else ("dim",)
    return [sink.clean(name), sink.style(status, *colour, stream=sink_out()), words.seconds(node.seconds), words.usage(node.usage), " ".join(failure.split())]


def _print_node(name: str, node: NodeRecord) -> None:
    _print_rows([_node_row(name, node)])
    _print_values("Inputs", node.inputs or {})
    for call in node.calls:
        _print_title("Messages" if "messages" in call.request else "Request")
        for message in call.request.get("messages", ()):
            sink.tell(f"  {sink.style(str(message.get('role')), 'bold', stream=sink_out())}: {_text(message.get('content'))}")
        if call.error:
            sink.tell(f"  {sink.style('failed', 'red', stream=sink_out())}: {sink.clean(call.error)}")
    _print_title("Output")
    sink.tell(_text(node.output))
    if node.logs:
        _print_title("Log")
        for line in node.logs:
            sink.tell(sink.clean(line.text))
    _print_error(node.error)


def _compare(arguments: argparse.Namespace) -> int:
    history = _history(arguments.path)
    comparison = history.compare(history.find(arguments.a), history.find(arguments.b))
    if arguments.json:
        _print_json(comparison_json(comparison))
        return 0
    for run in (comparison.a, comparison.b):
        sink.tell("  ".join(part for part in _summary_row(run.summary) if part))
    _print_pairs("Inputs that differ", comparison.inputs)
    _print_title("Nodes")
    rows = [["node", "inputs", "output", "seconds", "tokens", "what changed in the node"]]
    for node in comparison.nodes:
        rows.append(
            [
                sink.clean(node.node),
                _SAMENESS[node.inputs],
                sink.style(_SAMENESS[node.output], "yellow" if node.output != "same" else "dim", stream=sink_out()),
                _pair([None if one is None else f"{one.seconds:.2f}" for one in (node.a, node.b)]),
                _pair([str(one.usage.total_tokens) if one is not None and one.usage is not None else None for one in (node.a, node.b)]),
                ", ".join(node.changes),
            ]
        )
    _print_rows(rows, indent="  ")
    _print_pairs("Outputs that differ", comparison.outputs)
    first = comparison.first_difference
    sink.tell(f"\nThe first difference is at {first!r}." if first else "\nThe runs are the same, node by node.")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    history = _history(arguments.path)
    if bool(arguments.ids) == arguments.all:
        raise UsageError("Name the runs to delete, or say --all.", hint="'flowloom runs list FLOW' shows their ids.")
    ids = _matching(history, arguments) if arguments.all else [history.find(start) for start in arguments.ids]
    if (
        ids
        and not arguments.yes
        and sink.is_terminal(sys.stdin)
        and not _agrees(f"Delete {len(ids):,} run{'' if len(ids) == 1 else 's'} for good? [y/N] ")
    ):
        sink.say("Kept.")
        return 0
    gone = history.delete(ids)
    if arguments.json:
        _print_json({"deleted": gone})
    else:
        sink.say(f"Deleted {gone:,} run{'' if gone == 1 else 's'}." if gone or not ids else "Nothing was deleted: a run under way stays.")
    return 0


def _matching(history: RunHistory, arguments: argparse.Namespace) -> list[str]:
    latest = time.time() - arguments.older_than * 86_400 if arguments.older_than is not None else None
    found: list[str] = []
    for run in history.list(limit=1_000_000_000, text=arguments.text, status=arguments.status, node=arguments.node):
        runs = [run]
        if run.group is not None:
            runs = history.list(limit=1_000_000_000, group=run.group, text=arguments.text, status=arguments.status, node=arguments.node)
        found += [one.id for one in runs if latest is None or one.started < latest]
    return found


def _agrees(question: str) -> bool:
    sink.say(question, end="")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def record_json(record: RunRecord) -> dict[str, Any]:
    """A run as one object: the line of the list, then everything it came to."""
    from dataclasses import asdict

    return {
        **asdict(record.summary),
        "inputs": record.inputs,
        "outputs": record.outputs,
        "error": record.error,
        "usage": record.usage.as_json() if record.usage else None,
        "nodes": {name: {**asdict(node), "exact": node.is_exact} for name, node in record.nodes.items()},
        "logs": [asdict(line) for line in record.logs],
        "metrics": record.metrics,
        "ran": record.ran,
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Two runs side by side; a pair is ``[first, second]``."""
    from dataclasses import asdict

    return {
        "runs": [asdict(comparison.a.summary), asdict(comparison.b.summary)],
        "inputs": {name: list(pair) for name, pair in comparison.inputs.items()},
        "outputs": {name: list(pair) for name, pair in comparison.outputs.items()},
        "nodes": {
            node.node: {
                "inputs": node.inputs,
                "output": node.output,
                "changes": list(node.changes),
                "status": [None if one is None else one.status for one in (node.a, node.b)],
                "seconds": [None if one is None else one.seconds for one in (node.a, node.b)],
                "usage": [one.usage.as_json() if one is not None and one.usage else None for one in (node.a, node.b)],
            }
            for node in comparison.nodes
        },
        "first_difference": comparison.first_difference,
    }


# How it looks


def sink_out() -> Any:
    return sys.stdout


def _colours(status: str) -> tuple[str, ...]:
    return (_COLOURS[status],) if status in _COLOURS else ()


def _dim(text: str) -> str:
    return sink.style(sink.clean(text), "dim", stream=sys.stdout)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def _text(value: Any) -> str:
    from flowloom.flows.cli.outputs import as_text

    text = sink.clean(as_text(value))
    return text if len(text) <= 4_000 else f"{text[:4_000]}... ({len(text):,} characters; --json gives them all)"


def _pair(values: Sequence[str | None]) -> str:
    return " -> ".join(value or "-" for value in values) if any(values) else ""


def _print_title(title: str) -> None:
    sink.tell(f"\n{sink.style(title, 'bold', stream=sys.stdout)}")


def _print_values(title: str, values: Any) -> None:
    if values:
        _print_title(title)
        for name, value in values.items():
            text = _text(value)
            sink.tell(f"  {sink.clean(str(name))}: {text}" if "\n" not in text else f"  {sink.clean(str(name))}:\n{text}")


def _print_pairs(title: str, pairs: Any) -> None:
    if pairs:
        _print_title(title)
        for name, (a, b) in pairs.items():
            sink.tell(f"  {sink.clean(str(name))}\n    - {_text(a)}\n    + {_text(b)}")


def _print_error(error: Any) -> None:
    if error:
        where = f"In the node {error['node']!r}: " if error.get("node") else ""
        sink.tell(f"\n{sink.style('Error:', 'red', 'bold', stream=sys.stdout)} {sink.clean(where + str(error.get('message')))}")
        if error.get("hint"):
            sink.tell(f"  {_dim(error['hint'])}")


def _print_rows(rows: Iterable[Sequence[str]], indent: str = "") -> None:
    """Columns aligned; the last is cut at the terminal's edge."""
    import re

    from flowloom.flows.cli.draw_text import cells, fit

    def width(text: str) -> int:
        return cells(re.sub(r"\x1b\[[0-9;]*m", "", text))

    table = [list(row) for row in rows]
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    used = [number for number, size in enumerate(widths) if size]
    columns = sink.size(sys.stdout)[0] if sink.is_terminal(sys.stdout) else 0
    for row in table:
        parts = [row[number] + " " * (widths[number] - width(row[number])) for number in used[:-1]]
        line = indent + "".join(f"{part}  " for part in parts)
        last = sink.clean(row[used[-1]]) if used and "\x1b" not in row[used[-1]] else row[used[-1]] if used else ""
        if columns and "\x1b" not in last:
            last = fit(last, max(10, columns - width(line)))
        sink.tell((line + last).rstrip())


def _print_json(value: Any) -> None:
    import json

    sink.tell(json.dumps(value, ensure_ascii=False, indent=2 if sink.is_terminal(sys.stdout) else None))
