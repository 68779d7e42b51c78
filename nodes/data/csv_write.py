"""Rows into a CSV file."""

from __future__ import annotations

import csv
import io
from typing import Annotated

from flowloom.flows.errors import NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.flows.node.spec import Effect
from flowloom.nodes.data.table import write_text
from flowloom.nodes.services.values import as_text


@node(id="loom.data.csv_write", title="Write CSV", category="Data", icon="table", effect=Effect.WRITE)
def csv_write(
    ctx: Context,
    rows: Annotated[list, "One object a row"],
    *,
    path: Annotated[str, "The file, seen from the flow's folder; it is replaced"],
    delimiter: Annotated[str, "What stands between columns"] = ",",
    guard_formulas: Annotated[bool, "Keep spreadsheets from taking texts that start with = + - @ as formulas"] = True,
) -> Annotated[str, "The path written"]:
    """Write rows to a CSV file: the columns are all names that occur, in order of appearance."""
    columns: dict[str, None] = {}
    for position, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise NodeError(f"Row {position} is not an object.", field="rows", hint="Give a list of objects, one a row.")
        columns.update(dict.fromkeys(map(str, row)))
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column), guard_formulas) for column in columns])
    write_text(ctx.root, path, [buffer.getvalue()], append=False, encoding="utf-8")
    return path


def _cell(value: object, guard: bool) -> str:
    text = "" if value is None else as_text(value)
    is_formula = isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r")
    return "'" + text if guard and is_formula else text
