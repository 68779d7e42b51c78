"""``flowloom validate``: lists everything that is wrong with a flow. Reads its files and runs nothing of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowloom.flows.cli import sink

if TYPE_CHECKING:
    from flowloom.flows.model.problem import Problem


def register(parser: argparse.ArgumentParser) -> None:
    """List everything that is wrong with a flow, without running it."""
    parser.add_argument("path", help="the flow's folder, or its flow file")
    parser.add_argument("--json", action="store_true", help="print one JSON object: {valid, problems}")
    parser.add_argument("--strict", action="store_true", help="count warnings as errors")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    problems = _problems(arguments.path)
    wrong = [problem for problem in problems if arguments.strict or problem.severity == "error"]
    if arguments.json:
        import json

        answer = {"valid": not wrong, "problems": [problem.as_json() for problem in problems]}
        sink.tell(json.dumps(answer, ensure_ascii=False, indent=2 if sink.is_terminal(sys.stdout) else None))
    else:
        _print(problems)
    return 2 if wrong else 0


def _problems(path: str) -> list[Problem]:
    from flowloom.flows.document import read
    from flowloom.flows.errors import DocumentError
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.model.validate import validate
    from flowloom.flows.node.registry import default_registry

    try:
        file = read(path)
    except DocumentError as error:  # a file that cannot be read is the flow's one problem
        return [
            Problem(
                error.kind, "error", error.message, error.hint, file=error.file, line=error.line, column=error.column
            )
        ]
    return validate(file, default_registry())


def _print(problems: Sequence[Problem]) -> None:
    for problem in sorted(
        problems, key=lambda problem: (problem.severity != "error", problem.file or "", problem.line or 0)
    ):
        mark = (
            sink.style("error  ", "red", stream=sys.stdout)
            if problem.severity == "error"
            else sink.style("warning", "yellow", stream=sys.stdout)
        )
        where = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
        place = f"{where}  " if where else ""
        sink.tell(f"{mark}  {sink.style(place, 'bold', stream=sys.stdout)}{sink.clean(problem.message)}")
        if problem.fix:
            sink.tell(f"         {sink.style(sink.clean(problem.fix), 'dim', stream=sys.stdout)}")
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        sink.tell(f"{sink.style('Nothing is wrong', 'green', stream=sys.stdout)} with this flow.")
        return
    counts = [f"{errors} error{'s' * (errors != 1)}"] * bool(errors) + [
        f"{warnings} warning{'s' * (warnings != 1)}"
    ] * bool(warnings)
    sink.tell(f"\n{' and '.join(counts)}." + ("" if errors else " The flow can run."))
