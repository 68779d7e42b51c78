"""Past runs of a flow folder: listed, opened, compared, deleted. Looking creates nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flowloom.flows.engine.events import Usage
from flowloom.flows.engine.places import private_place
from flowloom.flows.errors import DocumentError, UsageError
from flowloom.flows.runs import compare as comparing
from flowloom.flows.runs.reader import Reader, is_alive
from flowloom.flows.runs.records import Call, Comparison, LogLine, NodeRecord, RunRecord, RunSummary
from flowloom.flows.runs.store import FILE
from flowloom.flows.runs.what_ran import node_inputs
from flowloom.flows.runs.writer import Statement, writer

_LISTED: Final = 'id, flow, status, started, seconds, about, error, tokens, price, "group", row, variant, repeat, writer'
_MOST_AT_ONCE: Final = 500
Summaries = list[RunSummary]
_BLOB_USES: Final = (
    "nodes WHERE blob = hash",
    "notes WHERE name = hash AND kind = 'exchange'",
    "runs WHERE what_ran = hash",
    "runs WHERE inputs_blob = hash",
    "runs WHERE outputs_blob = hash",
)
_DELETE_RUN: Final = "DELETE FROM runs WHERE id = ?"
_DELETE_BLOB: Final = (
    "DELETE FROM blobs WHERE hash = ?" + "".join(f" AND NOT EXISTS (SELECT 1 FROM {use})" for use in _BLOB_USES)
)  # fmt: skip


class RunHistory:
    """The runs of one flow folder. Every method may raise DocumentError where the records cannot be read."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.file = private_place(root) / FILE
        self._reader = Reader(self.file)

    def list(
        self,
        *,
        limit: int = 100,
        before: RunSummary | None = None,
        text: str = "",
        status: str | None = None,
        node: str | None = None,
        flow: str | None = None,
        group: str | None = None,
    ) -> Summaries:
        """The newest runs first, at most ``limit``, those that began before ``before``.

        ``text`` is looked for in inputs, outputs, errors and ids; ``node`` keeps runs that node took part in; ``flow`` those of one flow
        of the folder. Of a group only its newest run is listed, and stands for all, unless ``group`` names it.
        """
        where, values = _conditions(text, status, node, flow, group)
        folded = group is None and self._has_groups()
        count, together, newest = ("count(*)", 'GROUP BY coalesce("group", id) HAVING 1', "max(started)") if folded else ("1", "", "started")
        if before is not None:
            earlier = f"({newest}, id) < (?, ?)"
            together, where = (f"{together} AND {earlier}", where) if folded else (together, [*where, earlier])
            values += [before.started, before.id]
        asked = f"WHERE {' AND '.join(where)}" if where else ""
        columns = _LISTED.replace("started", f"{newest} AS began", 1)
        found = self._reader.rows(
            f"SELECT {columns}, {count} FROM runs {asked} {together} ORDER BY began DESC, id DESC LIMIT ?", (*values, limit)
        )
        alive: dict[int, bool] = {}
        summaries = [_summary(row, alive) for row in found]
        return [summary for summary in summaries if summary.status == status] if status in ("running", "crashed") else summaries

    def _has_groups(self) -> bool:
        return bool(self._reader.rows('SELECT 1 FROM runs WHERE "group" IS NOT NULL LIMIT 1'))

    def find(self, start: str) -> str:
        """The id of the run whose id begins so; ``last`` is the newest. Raises UsageError where there is none, or several."""
        if start == "last":
            newest = self.list(limit=1)
            if not newest:
                raise UsageError("No run of this flow is recorded.", hint="Run it once: flowloom run FLOW")
            return newest[0].id
        found = [id for (id,) in self._reader.rows("SELECT id FROM runs WHERE substr(id, 1, ?) = ? LIMIT 3", (len(start), start))]
        if not start or not found:
            raise UsageError(f"There is no run {start!r}.", hint="'flowloom runs list FLOW' shows the ids.")
        if len(found) > 1 and start not in found:
            raise UsageError(f"Several runs begin with {start!r}.", hint="Write more of the id.")
        return start if start in found else found[0]

    def load(self, run_id: str) -> RunRecord:
        """A whole run. Raises UsageError where there is none of that id."""
        runs, nodes, notes = self._reader.several(
            (
                (
                    f"""SELECT {_LISTED}, 1, coalesce(inputs, given.text), coalesce(outputs, made.text), usage, ran.text FROM runs
                        LEFT JOIN blobs given ON inputs_blob = given.hash LEFT JOIN blobs made ON outputs_blob = made.hash
                        LEFT JOIN blobs ran ON what_ran = ran.hash WHERE id = ?""",
                    (run_id,),
                ),
                (
                    """SELECT node, status, attempt, started, seconds, coalesce(output, text), fingerprint, usage, outcome, cached, error, why
                       FROM nodes LEFT JOIN blobs ON blob = hash WHERE run = ? ORDER BY started IS NULL, started, node""",
                    (run_id,),
                ),
                (
                    """SELECT node, kind, name, CASE kind WHEN 'exchange' THEN text ELSE value END, detail
                       FROM notes LEFT JOIN blobs ON kind = 'exchange' AND name = hash WHERE run = ? ORDER BY position""",
                    (run_id,),
                ),
            )
        )
        if not runs:
            raise UsageError(f"There is no run {run_id!r}.", hint="It may have been deleted.")
        *listed, inputs, outputs, usage, ran = runs[0]
        return _record(_summary(tuple(listed), {}), listed[6], inputs, outputs, usage, ran, nodes, notes)

    def compare(self, a: str, b: str) -> Comparison:
        """Two runs node by node. Raises UsageError where there is none of an id."""
        return comparing.compare(self.load(a), self.load(b))

    def delete(self, ids: Iterable[str]) -> int:
        """Delete runs and the values only they hold; returns how many. Runs under way stay. Raises DocumentError where the records
        cannot be changed."""
        wanted = list(dict.fromkeys(ids))
        gone = 0
        for start in range(0, len(wanted), _MOST_AT_ONCE):
            gone += self._delete(wanted[start : start + _MOST_AT_ONCE])
        return gone

    def _delete(self, ids: Sequence[str]) -> int:
        places = ", ".join("?" * len(ids))
        runs, blobs = self._reader.several(
            (
                (f"SELECT id, status, started, writer FROM runs WHERE id IN ({places})", tuple(ids)),
                (
                    f"""SELECT blob FROM nodes WHERE run IN ({places}) AND blob IS NOT NULL
                        UNION SELECT name FROM notes WHERE run IN ({places}) AND kind = 'exchange'
                        UNION SELECT what_ran FROM runs WHERE id IN ({places}) UNION SELECT inputs_blob FROM runs WHERE id IN ({places})
                        UNION SELECT outputs_blob FROM runs WHERE id IN ({places})""",
                    tuple(ids) * 5,
                ),
            )
        )
        over = [id for id, status, started, process in runs if status != "running" or not is_alive(process, started)]
        if not over:
            return 0
        statements: list[Statement] = [(_DELETE_RUN, (id,)) for id in over]
        statements += [(_DELETE_BLOB, (blob,)) for (blob,) in blobs if blob is not None]
        writer.write(self.file, statements)
        writer.flush()
        if self._reader.rows("SELECT 1 FROM runs WHERE id = ?", (over[0],)):
            why = writer.trouble[-1] if writer.trouble else str(self.file)
            raise DocumentError(
                f"The runs cannot be deleted: {why}.", hint="Check that you may write to the flow's folder.", file=str(self.file)
            )
        return len(over)


def _conditions(
    text: str, status: str | None, node: str | None, flow: str | None, group: str | None
) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    if text:
        # As it stands inside JSON, where quotes are escaped.
        needle = "%" + _literal(json.dumps(text, ensure_ascii=False)[1:-1]) + "%"
        where.append(
            r"""(about LIKE ? ESCAPE '\' OR inputs LIKE ? ESCAPE '\' OR outputs LIKE ? ESCAPE '\' OR error LIKE ? ESCAPE '\'
                OR id LIKE ? ESCAPE '\'
                OR EXISTS (SELECT 1 FROM blobs WHERE hash IN (inputs_blob, outputs_blob) AND text LIKE ? ESCAPE '\'))"""
        )
        values += ["%" + _literal(text) + "%", *[needle] * 3, _literal(text) + "%", needle]
    if status:
        where.append("status = ?")
        values.append("running" if status == "crashed" else status)
    if node:
        where.append("EXISTS (SELECT 1 FROM nodes WHERE run = id AND node = ?)")
        values.append(node)
    for column, value in (("flow", flow), ('"group"', group)):
        if value is not None:
            where.append(f"{column} = ?")
            values.append(value)
    return where, values


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _summary(row: tuple[Any, ...], alive: dict[int, bool]) -> RunSummary:
    id, flow, status, started, seconds, about, error, tokens, price, group, number, variant, repeat, process, count = row
    failure, failed = "", None
    if error is not None:
        fault = json.loads(error)
        failure, failed = fault.get("message") or "", fault.get("node")
    if status == "running":
        if process not in alive:
            alive[process] = is_alive(process, started)
        status = "running" if alive[process] else "crashed"
    return RunSummary(
        id, flow, status, started, seconds, about or "", failure, failed, tokens, price, group, number, variant, repeat, count
    )


def _record(
    summary: RunSummary,
    error: str | None,
    inputs: str | None,
    outputs: str | None,
    usage: str | None,
    ran: str | None,
    nodes: Iterable[tuple[Any, ...]],
    notes: Iterable[tuple[Any, ...]],
) -> RunRecord:
    logs: list[LogLine] = []
    logs_of: dict[str | None, list[LogLine]] = {}
    calls: dict[str, list[Call]] = {}
    metrics: dict[str, Any] = {}
    for node, kind, name, value, detail in notes:
        if kind == "log":
            logs.append(LogLine(value, detail or "info", name, node))
            logs_of.setdefault(node, []).append(logs[-1])
        elif kind == "metric":
            metrics[name] = json.loads(value)
        elif kind == "exchange" and value is not None:
            calls.setdefault(node, []).append(Call(**json.loads(value)))
    what = _value(ran) or {}
    given = {**what.get("inputs", {}), **(_value(inputs) or {})}
    found = {row[0]: row for row in nodes}
    values = {name: _value(row[5]) for name, row in found.items()}
    completed = {name: value for name, value in values.items() if found[name][1] == "completed"}
    went_in = node_inputs(what, given, completed)
    records = {
        name: _node(row, values[name], went_in.get(name), what.get("nodes", {}).get(name, {}), logs_of.get(name, ()), calls.get(name, ()))
        for name, row in found.items()
    }
    return RunRecord(
        summary,
        given,
        _value(outputs) or {},
        _value(error),
        _usage(usage),
        records,
        tuple(logs),
        metrics,
        what,
    )


def _node(
    row: tuple[Any, ...],
    output: Any,
    inputs: Mapping[str, Any] | None,
    ran: Mapping[str, Any],
    logs: Iterable[LogLine],
    calls: Iterable[Call],
) -> NodeRecord:
    _, status, attempt, started, seconds, _, fingerprint, usage, outcome, cached, error, why = row
    return NodeRecord(
        status=status,
        inputs=inputs,
        output=output,
        started=started,
        seconds=seconds or 0.0,
        usage=_usage(usage),
        cached=bool(cached),
        why=why or "",
        logs=tuple(logs),
        calls=tuple(calls),
        error=_value(error),
        variant=ran.get("variant"),
        attempt=attempt,
        outcome=outcome,
        fingerprint=fingerprint,
    )


def _usage(text: str | None) -> Usage | None:
    return None if text is None else Usage(**json.loads(text))


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
