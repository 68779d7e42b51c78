"""Errors of the engine's own, in one place, so that their words stay alike."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from flowloom.flows.errors import FlowloomError, InvalidFlow, NodeTimeout, RunCancelled, ToolError


def stopped() -> RunCancelled:
    return RunCancelled("The run was stopped.", hint="Run it again to get a result.")


def too_late(node: str, seconds: float) -> NodeTimeout:
    return NodeTimeout(
        f"The node '{node}' took longer than the {seconds:g} seconds it may.",
        hint="Give it more time (timeout_seconds), or find out what it waits for.",
        node=node,
    )


def never_ready(nodes: Sequence[str]) -> InvalidFlow:
    return InvalidFlow(
        f"These nodes can never start, as they wait for each other or for a node that does not exist: {', '.join(nodes)}.",
        hint="Check the references of their inputs.",
        node=nodes[0],
    )


def cancelled_itself() -> ToolError:
    return ToolError("The tool's code cancelled itself.", hint="Look for a task or a time limit of its own in the tool.")


def of_the_engine(error: Exception) -> FlowloomError:
    """A fault of ours: the run fails, and whoever reports it has what we need."""
    return FlowloomError(
        f"The engine failed: {type(error).__name__}: {error}",
        hint="This is a fault of Flowloom. Please report it, with the flow if you can.",
        detail="".join(traceback.format_exception(error)),
    )


def left_behind(node: str) -> str:
    return f"'{node}' does not stop; it is left behind and may go on in the background."


def thread_left_behind(node: str) -> str:
    return f"A thread of '{node}' cannot be stopped and goes on in the background."
