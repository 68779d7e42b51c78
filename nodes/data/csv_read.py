"""Rows out of a CSV file."""

from __future__ import annotations

import csv
from typing import Annotated

from flowloom.flows.errors import NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.flows.node.spec import Effect
from flowloom.nodes.data.table import readable


@node(id="loom.data.csv_read", title="Read CSV", category="Data", icon="table", effect=Effect.READ, cacheable=False)
def csv_read(
    ctx: Context,
    *,
    path: Annotated[str, "The file, seen from the flow's folder"],
    delimiter: Annotated[str, "What stands between columns; empty finds out"] = "",
    limit: Annotated[int, "How many rows at most; 0 for all"] = 0,
    encoding: Annotated[str, "How letters are stored"] = "utf-8-sig",
) -> Annotated[list, "One object a row, by the names in the first line"]:
    """Read a CSV or TSV file. The first line names the columns; every value is a text."""
    place = readable(ctx.root, path)
    rows: list[dict[str, str | None]] = []
    try:
        with open(place, encoding=encoding, newline="") as file:
            sample = file.read(64 * 1024)
            file.seek(0)
            reader = csv.DictReader(file, delimiter=delimiter or _delimiter(sample), strict=True)
            for row in reader:
                if None in row:
                    raise NodeError(
                        f"Line {reader.line_num} of {path} has more values than the first line has names.",
                        field="path",
                        hint="Put quotes around values that hold the delimiter.",
                    )
                rows.append(dict(row))
                if limit and len(rows) >= limit:
                    break
    except (csv.Error, UnicodeDecodeError, LookupError, TypeError) as error:
        raise NodeError(
            f"The file {path} cannot be read as CSV: {error}.", field="path", hint="Check its delimiter, quotes and encoding."
        ) from error
    return rows


def _delimiter(sample: str) -> str:
    """The one of comma, semicolon, tab and bar that the first line holds most of."""
    first = sample.splitlines()[0] if sample else ""
    return max(",;\t|", key=first.count)
