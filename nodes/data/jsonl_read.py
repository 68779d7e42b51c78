"""Rows out of a JSONL file."""

from __future__ import annotations

import json
from typing import Annotated

from flowloom.flows.errors import NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.flows.node.spec import Effect
from flowloom.nodes.data.table import readable


@node(id="loom.data.jsonl_read", title="Read JSONL", category="Data", icon="rows", effect=Effect.READ, cacheable=False)
def jsonl_read(
    ctx: Context,
    *,
    path: Annotated[str, "The file, seen from the flow's folder"],
    limit: Annotated[int, "How many rows at most; 0 for all"] = 0,
) -> Annotated[list, "One value a line"]:
    """Read a file with one JSON value a line. Empty lines are skipped."""
    place = readable(ctx.root, path)
    rows: list[object] = []
    with open(place, encoding="utf-8-sig") as file:
        try:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    rows.append(json.loads(line))
                except ValueError as error:
                    raise NodeError(
                        f"Line {number} of {path} is not JSON: {error}.", field="path", hint="Write one JSON value on each line."
                    ) from error
                if limit and len(rows) >= limit:
                    break
        except UnicodeDecodeError as error:
            raise NodeError(f"The file {path} is not UTF-8: {error}.", field="path", hint="Save it as UTF-8.") from error
    return rows
