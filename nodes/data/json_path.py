"""Parts of a value by JSONPath."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flowloom.flows.errors import NodeError
from flowloom.flows.node.declare import node


@node(id="loom.data.json_path", title="Pick from JSON", category="Data", icon="path")
def json_path(
    value: Annotated[Any, "An object or list"],
    *,
    path: Annotated[str, "A JSONPath, for example $.orders[?@.total > 100].id"],
    mode: Annotated[Literal["first", "all"], "The first match, or a list of all"] = "all",
    default: Annotated[Any, "With first: what to give where nothing matches"] = None,
) -> Annotated[Any, "What the path finds"]:
    """Take parts out of an object or list with a JSONPath (RFC 9535)."""
    from jsonpath_rfc9535 import JSONPathError, find

    try:
        found = find(path, value).values()
    except (JSONPathError, RecursionError) as error:
        raise NodeError(
            f"The path {path!r} cannot be followed: {error}.", field="path", hint="An example: $.items[0].name. RFC 9535 describes it."
        ) from error
    if mode == "all":
        return list(found)
    return found[0] if found else default
