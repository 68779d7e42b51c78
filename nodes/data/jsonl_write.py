"""Rows into a JSONL file."""

from __future__ import annotations

import json
from typing import Annotated

from flowloom.flows.errors import NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.flows.node.spec import Effect
from flowloom.nodes.data.table import write_text


@node(id="loom.data.jsonl_write", title="Write JSONL", category="Data", icon="rows", effect=Effect.WRITE)
def jsonl_write(
    ctx: Context,
    rows: Annotated[list, "The values, one a line"],
    *,
    path: Annotated[str, "The file, seen from the flow's folder"],
    append: Annotated[bool, "Add to the file instead of replacing it"] = False,
) -> Annotated[str, "The path written"]:
    """Write values to a file, one JSON value a line."""
    try:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    except (TypeError, ValueError) as error:
        raise NodeError(
            f"A row cannot be written as JSON: {error}.", field="rows", hint="Turn it into texts, numbers, lists and objects first."
        ) from error
    write_text(ctx.root, path, lines, append=append, encoding="utf-8")
    return path
