"""Bring branches together again."""

from __future__ import annotations

from typing import Annotated, Any

from flowloom.flows.node.declare import node


@node(id="loom.logic.merge", title="Join branches", category="Flow", icon="git-merge", quick=True)
def merge(
    *,
    default: Annotated[Any, "What to give where no branch ran"] = None,
    **branches: Annotated[Any, "The outputs of the branches"],
) -> Annotated[Any, "The output of the branch that ran"]:
    """Give the output of the branch that ran: the first input, in their order, that has a value.

    Branches that were skipped have none. It is skipped itself only where all of its branches were.
    """
    return next((value for value in branches.values() if value is not None), default)
