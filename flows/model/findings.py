"""Where the checks of a flow write down what they find, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.model.build_parts import Notes, Path
from flowloom.flows.model.flow import Flow, Node, NodeName
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.build import Built


class Findings:
    """The problems of one flow. ``error`` and ``warning`` take the path of the value in the flow file; ``elsewhere`` another file."""

    def __init__(self, file: FlowFile, built: Built) -> None:
        self.file = file
        self.flow: Flow = built.flow
        self.paths: Mapping[NodeName, Path] = built.paths
        self.notes = Notes(file)

    @property
    def problems(self) -> list[Problem]:
        return self.notes.problems

    def error(self, code: str, message: str, fix: str, path: Path, **where: Any) -> None:
        self.notes.error(code, message, fix, path, **where)

    def warning(self, code: str, message: str, fix: str, path: Path, **where: Any) -> None:
        self.notes.warning(code, message, fix, path, **where)

    def elsewhere(self, problem: Problem) -> None:
        self.problems.append(problem)

    def path(self, node: Node, *rest: str | int) -> Path:
        """The path of a part of a node, wherever its body stands."""
        return (*self.paths.get(node.name, ("nodes",)), *rest)

    def placed(self, problem: Problem) -> Problem:
        """A problem that names a node but no place, with the place of the node."""
        if problem.file is not None or problem.line is not None:
            return problem
        node = self.flow.nodes.get(NodeName(problem.node)) if problem.node else None
        path: Path = self.path(node) if node else ()
        if node and problem.field is not None and problem.field in node.inputs:
            path = (*path, "inputs", problem.field)
        location = self.file.location(path)
        line, column = (location.line, location.column) if location else (1, 1)
        return replace(problem, file=self.file.name, line=line, column=column)


_MOST_COMPARED: Final = 200


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """``Did you mean 'question'?`` where a known word is close, else the other advice."""
    import difflib

    names = list(dict.fromkeys(islice(known, _MOST_COMPARED)))
    lowered = {name.lower(): name for name in reversed(names)}
    found = difflib.get_close_matches(word.lower(), list(lowered), 1, 0.6)
    return f"Did you mean '{lowered[found[0]]}'?" if found else otherwise


def listed(words: Iterable[str], most: int = 8) -> str:
    """``a, b and c`` for a sentence."""
    names = [f"'{word}'" for word in words]
    if len(names) > most:
        return ", ".join(names[:most]) + " and others"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
