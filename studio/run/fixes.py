"""What a person can do about an error, as one button: the first fix is the likeliest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flowloom.flows.model.edits import SetNodeKey
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import Fault
    from flowloom.studio.workspace import Workspace

_CODE: Final = frozenset({"tool", "tool_load", "template", "reference", "output", "malformed_reply", "bad_request", "limit"})
_SETTINGS: Final = frozenset({"length", "context_length", "refusal", "content_filter"})
AGAIN: Final = frozenset({"rate_limit", "unavailable", "stream_broken", "timeout", "worker_lost", "cancelled"})
"""Kinds of error after which the same may go well."""
_KEYS: Final = frozenset({"connection", "authentication", "quota"})


@dataclass(frozen=True)
class Fix:
    """``title`` is the button's text in the language in use; ``run`` does it."""

    title: str
    run: Callable[[Workspace], None]


def fixes(fault: Fault, document: FlowDocument) -> tuple[Fix, ...]:
    """At least one thing to do about ``fault``."""
    node = document.node(fault.node) if fault.node else None
    found: list[Fix] = []
    if fault.kind in _KEYS:
        name = node.connection or "" if node is not None else ""
        found.append(Fix(tr("Set up the connection"), lambda workspace: _connections(workspace, name)))
        spec = document.spec(node.name) if node is not None else None
        if node is not None and spec is not None and spec.kind == "llm" and node.connection != "local":
            found.append(Fix(tr("Use the model on this computer"), lambda _workspace: _use_local(document, node.name)))
    elif fault.kind == "missing_extra":
        found.append(Fix(tr("See the model on this computer"), lambda workspace: _connections(workspace, "local")))
    elif fault.kind == "input":
        found.append(Fix(tr("Fill in the inputs"), lambda workspace: workspace.do("run.inputs")))
    elif fault.kind == "invalid_flow":
        found.append(Fix(tr("Show the problems"), lambda workspace: workspace.do("view.problems")))
    elif fault.kind in AGAIN:
        found.append(Fix(tr("Continue from here"), lambda workspace: workspace.do("run.continue")))
        if fault.kind == "unavailable" and node is not None and node.connection:
            name = node.connection
            found.append(Fix(tr("Set up the connection"), lambda workspace: _connections(workspace, name)))
    elif fault.kind in _CODE and node is not None and node.source.path:
        place = place_of(fault, document)
        found.append(Fix(tr("Show the place"), lambda workspace: workspace.place_asked.emit(*place)))
    elif fault.kind in _SETTINGS and node is not None:
        found.append(Fix(tr("Show its settings"), lambda workspace: workspace.place_asked.emit(node.name, "", 0)))
    if not found:
        name = fault.node or ""
        again = Fix(tr("Run again"), lambda workspace: workspace.do("run.run"))
        found.append(Fix(tr("Show the step"), lambda workspace: workspace.place_asked.emit(name, "", 0)) if node is not None else again)
    return tuple(found)


def place_of(fault: Fault, document: FlowDocument) -> tuple[str, str, int]:
    """Where the error stands: the card, the file, and the line from 1, as far as they are known ('' and 0 where not)."""
    node = document.node(fault.node) if fault.node else None
    if node is None:
        return fault.node or "", "", 0
    if fault.kind in _CODE and node.source.path:
        return node.name, node.source.path, _line(fault, node.source.path)
    return node.name, "", 0


def _line(fault: Fault, path: str) -> int:
    """The last line of ``path`` that the error's detail names; 0 where it names none."""
    import re

    lines = re.findall(rf'{re.escape(path)}"?, line (\d+)', f"{fault.message}\n{fault.detail}")
    return int(lines[-1]) if lines else 0


def _connections(workspace: Workspace, name: str) -> None:
    from flowloom.studio.dialogs.connections.dialog import show_connections

    show_connections(workspace, name)


def _use_local(document: FlowDocument, node: str) -> None:
    document.apply(SetNodeKey(node, ("connection",), "local"))
