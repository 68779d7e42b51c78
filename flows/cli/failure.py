"""How a command tells that something failed: one sentence with the next step, or the object that ``--json``
promises.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from flowloom.flows.cli import sink
from flowloom.flows.errors import FlowloomError

FAILED: Final = 1
BAD_USAGE: Final = 2
CANCELLED: Final = 130

BAD_USAGE_KINDS: Final = frozenset({"usage", "invalid_flow", "document", "yaml", "path", "conflict", "input"})
"""Failures that lie in what was asked or in the flow's files, before anything ran."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def exit_code(error: FlowloomError | None) -> int:
    """2 where the request or the flow's files are at fault, 130 where someone stopped it, else 1."""
    if error is None:
        return 0
    if error.kind == "cancelled":
        return CANCELLED
    return BAD_USAGE if error.kind in BAD_USAGE_KINDS else FAILED


def report(error: Exception, arguments: Sequence[str]) -> int:
    """Say what failed, in the form the arguments ask for. Returns the exit code."""
    known = error if isinstance(error, FlowloomError) else unexpected(error)
    if _wants_object(arguments):
        _write_object(arguments, "failed", known)
    say(known)
    if known is not error:
        _say_traceback(error)
    return exit_code(known)


def report_cancelled(arguments: Sequence[str]) -> int:
    """Say that someone stopped the command before it could answer."""
    from flowloom.flows.errors import RunCancelled

    if _wants_object(arguments):
        _write_object(arguments, "cancelled", RunCancelled("The run was stopped."))
    sink.say(sink.style("Stopped.", "yellow"))
    return CANCELLED


def unexpected(error: Exception) -> FlowloomError:
    """A failure of Flowloom itself, as an error people can report."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return FlowloomError(
            f"The answer cannot be written: {error.strerror}.", hint="Make room, or write it elsewhere."
        )
    words = f"{type(error).__name__}: {error}".strip().rstrip(":")
    return FlowloomError(
        f"Flowloom itself failed: {words}.".replace("..", "."),
        hint="Run it again with FLOWLOOM_DEBUG=1 in the environment and report what it prints.",
    )


def say(error: FlowloomError) -> None:
    """The error as one sentence with its place and its next step, to stderr."""
    sink.say(f"{sink.style('Error:', 'red', 'bold')} {sentence(error)}")
    if error.hint:
        sink.say(f"  {sink.style(sink.clean(error.hint), 'dim')}")
    problems = getattr(error, "problems", ())
    for problem in problems[:20]:
        sink.say(f"  - {sink.clean(str(problem))}")
    if len(problems) > 20:
        sink.say(f"  ... and {len(problems) - 20} more; 'flowloom validate' lists them all.")
    if error.detail and os.environ.get("FLOWLOOM_DEBUG"):
        sink.say(sink.clean(error.detail))


def sentence(error: FlowloomError) -> str:
    """``In the node 'answer': the model's service ... (flow.dag.yaml:12:5)``, without what the message says already."""
    text = error.message
    if error.node and repr(error.node) not in text and f'"{error.node}"' not in text:
        text = f"In the node {error.node!r}: {text}"
    if error.where and error.file and error.file not in text:
        text = f"{text} ({error.where})"
    return sink.clean(text)


def _wants_object(arguments: Sequence[str]) -> bool:
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return any(argument in ("--json", "--events") for argument in before)


def _write_object(arguments: Sequence[str], status: str, error: FlowloomError) -> None:
    """Also where the arguments themselves are wrong: whoever asked for an object gets one."""
    import json

    if arguments[0] in ("run", "demo", "batch"):
        outcome: dict[str, Any] = {
            "status": status,
            "outputs": {},
            "nodes": {},
            "metrics": {},
            "error": error.as_json(),
        }
        outcome |= {"seconds": 0.0, "run_id": None}
        if "--events" in arguments:
            outcome = {"type": "run_finished", **outcome}
    else:
        outcome = {"error": error.as_json()}
    with suppress(OSError):  # where stdout is what failed
        sink.write(sys.stdout, json.dumps(sink.redact(outcome), ensure_ascii=False) + "\n")


def _say_traceback(error: Exception) -> None:
    if os.environ.get("FLOWLOOM_DEBUG"):
        import traceback

        sink.say("".join(traceback.format_exception(error)))
