"""What one button can mend of a problem: an edit where the answer is plain, else the way to the place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.flows.model.edits import ClearInput, Edit, SetNodeKey
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.flows.model.problem import Problem
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import Fault
    from flowloom.studio.workspace import Page, Workspace


@dataclass(frozen=True, slots=True)
class ProblemFix:
    """``title`` is the button's text in the language in use."""

    title: str
    run: Callable[[Workspace], object]


def fix_of(problem: Problem, document: FlowDocument) -> ProblemFix:
    """The one thing to do about a problem."""
    node = document.node(problem.node) if problem.node else None
    if node is not None and document.editable:
        if problem.code == "llm.connection_missing":
            return _edit(tr("Use the model on this computer"), document, SetNodeKey(node.name, ("connection",), "local", variant=node.variant))
        if problem.code == "input.unknown" and problem.field is not None and problem.field in node.inputs:
            return _edit(tr("Remove {name}", name=problem.field), document, ClearInput(node.name, problem.field, variant=node.variant))
    return ProblemFix(tr("Show the place"), lambda workspace: lead_to(workspace, problem))


def lead_to(workspace: Workspace, problem: Problem) -> None:
    """Show the card, and the field or the line of the file that is meant."""
    document = workspace.document
    in_own_file = problem.file is not None and (document is None or problem.file != document.name)
    what = problem.file if in_own_file else problem.field
    workspace.place_asked.emit(problem.node or "", what or "", (problem.line or 0) if in_own_file else 0)


def run_faults(page: Page | None) -> list[Fault]:
    """What failed in the run that is shown; of nodes first, since a run fails with them."""
    runner = page.parts.get("runner") if page is not None else None
    view = runner.view if runner is not None else None
    if view is None:
        return []
    found = [node.error for node in view.nodes.values() if node.status == "failed" and node.error is not None]
    nodes = {fault.node for fault in found}
    if view.status == "failed" and view.error is not None and (view.error.node is None or view.error.node not in nodes):
        found.append(view.error)
    return found


def _edit(title: str, document: FlowDocument, edit: Edit) -> ProblemFix:
    return ProblemFix(title, lambda _workspace: document.apply(edit))
