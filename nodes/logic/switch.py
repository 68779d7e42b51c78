"""Choose a branch by conditions."""

from __future__ import annotations

from typing import Annotated, Any

from flowloom.flows.errors import NodeError
from flowloom.flows.node.declare import node
from flowloom.nodes.services.expressions import holds


@node(id="loom.logic.switch", title="Switch", category="Flow", icon="git-branch", quick=True)
def switch(
    value: Annotated[Any, "What the conditions look at, under the name value"] = None,
    *,
    cases: Annotated[list, "Branches in order, each with a name and a condition (when)"],
    default: Annotated[str, "The branch where no condition is met"] = "otherwise",
    **more: Any,
) -> Annotated[str, "The name of the branch to take"]:
    """Take the first branch whose condition is met.

    A condition compares values: `value == 'refund'`, `score >= 4 and len(text) > 20`, `value in ['a', 'b']`, `text.contains('late')`.
    Inputs you add are known to the conditions by their names. Wires drawn from a branch run the next node only when that branch is taken.
    """
    variables = {"value": value, **more}
    for name, condition in _branches(cases):
        if holds(condition, variables):
            return name
    return default


def _branches(cases: Any) -> list[tuple[str, str]]:
    """``[{"name": ..., "when": ...}]``, or the shorter ``{name: condition}``."""
    if isinstance(cases, dict):
        cases = [{"name": name, "when": when} for name, when in cases.items()]
    branches: list[tuple[str, str]] = []
    for position, case in enumerate(cases if isinstance(cases, list) else [cases], start=1):
        if not (isinstance(case, dict) and isinstance(case.get("name"), str) and isinstance(case.get("when"), str)):
            raise NodeError(
                f"Branch {position} of the switch has no name or no condition.",
                field="cases",
                hint="Write each branch as a name and a condition: {name: refund, when: \"value == 'refund'\"}.",
            )
        branches.append((case["name"], case["when"]))
    return branches
