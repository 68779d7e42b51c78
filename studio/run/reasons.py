"""Why a node ran again, or did not have to: one sentence each, from what changed since the last run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flowloom.flows.node.spec import Effect, NodeSpec
from flowloom.flows.runs.what_ran import changes
from flowloom.studio.language import tr

Ran = Mapping[str, Any]
"""What ``flowloom.flows.runs.what_ran`` tells of a flow."""


def reasons(
    now: Ran,
    before: Ran | None,
    inputs: Mapping[str, Any],
    inputs_before: Mapping[str, Any],
    *,
    afresh: bool,
    again: bool = False,
    spec_of: Callable[[str], NodeSpec | None],
    pinned: frozenset[str] = frozenset(),
    ended: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """By node, why it runs; only what is known before the run. ``again`` is a run of what had just run. ``ended`` are nodes whose output the last run had."""
    found: dict[str, str] = {}
    old = before.get("nodes", {}) if before is not None else {}
    given = {name for name in inputs.keys() | inputs_before.keys() if inputs.get(name) != inputs_before.get(name)}
    for name, node in now.get("nodes", {}).items():
        spec = spec_of(name)
        if name in pinned:
            found[name] = tr("its output is pinned")
        elif again:
            found[name] = tr("you ran it again though nothing had changed")
        elif afresh:
            found[name] = tr("you asked to run all afresh")
        elif spec is not None and not spec.may_cache:
            found[name] = tr("it changes something outside, so it always runs") if spec.effect in (Effect.WRITE, Effect.EXTERNAL) else tr(
                "it may give something else each time, so it always runs"
            )  # fmt: skip
        elif name not in old or name not in ended:
            found[name] = tr("there is no earlier output")
        elif what := changes(old[name], node):
            found[name] = _changed(what)
        else:
            sources = _sources(node)
            fed = next((source for kind, source in sources if kind == "input" and source in given), None)
            if fed is not None:
                found[name] = tr("the input {name} changed", name=fed)
    return found


def of_outputs(now: Ran, name: str, ran: frozenset[str]) -> str:
    """Why a node ran where nothing of its own changed: ``ran`` are the nodes that ran anew."""
    node = now.get("nodes", {}).get(name, {})
    source = next((source for kind, source in _sources(node) if kind == "node" and source in ran), None)
    return tr("the output of {name} may have changed", name=source) if source is not None else ""


def _sources(node: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (kind, binding[kind]) for binding in node.get("inputs", {}).values() for kind in ("input", "node") if kind in binding
    ]


def _changed(what: tuple[str, ...]) -> str:
    first = what[0]
    if first == "file":
        return tr("its text or code changed")
    if first == "wires":
        return tr("its wires changed")
    if first == "connection":
        return tr("its connection changed")
    if first == "variant":
        return tr("another variant was chosen")
    return tr("its setting {name} changed", name=first)
