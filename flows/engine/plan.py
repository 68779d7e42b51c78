"""What a run will do, decided before it does anything, so that it can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import EMPTY, MISSING, Constant, Flow, Node, Reference

Action = Literal["run", "reuse", "pinned", "given", "bypass", "bypass-unknown"]

_WORDS: Final = {
    "run": "runs",
    "reuse": "is taken from an earlier run",
    "pinned": "is pinned",
    "given": "was given",
    "bypass": "is bypassed",
    "bypass-unknown": "may be bypassed",
}


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One node of a plan. ``bypass-unknown`` runs, unless its condition, known only then, says otherwise."""

    name: str
    action: Action
    why: str
    variant: str | None = None
    aggregation: bool = False

    @property
    def runs(self) -> bool:
        return self.action in ("run", "bypass-unknown")

    def __str__(self) -> str:
        return f"{self.name} {_WORDS[self.action]}: {self.why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The nodes a run is about, in an order in which they can run. ``target`` is the node that was asked for, None for the whole flow."""

    flow: str
    steps: tuple[PlanStep, ...]
    target: str | None = None
    only: bool = False
    variants: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        return {
            "flow": self.flow,
            "target": self.target,
            "only": self.only,
            "variants": dict(self.variants),
            "steps": [
                {"name": step.name, "action": step.action, "why": step.why, "variant": step.variant, "aggregation": step.aggregation}
                for step in self.steps
            ],
        }


def make_plan(
    flow: Flow,
    *,
    target: str | None = None,
    only: bool = False,
    given: Mapping[str, Any] = EMPTY,
    pinned: Mapping[str, Any] = EMPTY,
    kept: Mapping[str, str] = EMPTY,
    rerun: Mapping[str, str] = EMPTY,
    inputs: Mapping[str, Any] = EMPTY,
) -> Plan:
    """Decide what runs. Executes nothing.

    ``target`` limits the run to that node and what it needs; with ``only``, to that node alone, the outputs it needs being ``given``,
    ``pinned`` or ``kept``. ``kept`` says, by node, why its output can be taken from an earlier run; ``rerun`` why it cannot. ``inputs``
    decide conditions that hang on flow inputs alone. Raises UsageError for an unknown target, or one whose inputs are missing.
    """
    if target is not None and target not in flow.nodes:
        raise UsageError(f"The flow has no node '{target}'.", hint=f"Choose one of: {', '.join(flow.nodes) or 'it has none'}.", node=target)
    known = {**dict.fromkeys(kept, "reuse"), **dict.fromkeys(pinned, "pinned"), **dict.fromkeys(given, "given")}
    wanted = _needed(flow, target, only, known)
    if target is not None and only:
        _check_only(flow, target, known)
    steps: dict[str, PlanStep] = {}
    for name in _runnable_order(flow, wanted):
        node = flow.nodes[name]  # type: ignore[index]
        action, why = _decide(node, target, known, kept, rerun, steps, inputs, flow)
        steps[name] = PlanStep(name, action, why, node.variant, node.aggregation)
    chosen: dict[str, str] = {name: str(node.variant) for name, node in flow.nodes.items() if node.variant is not None and name in wanted}
    return Plan(flow.name, tuple(steps.values()), target, only, chosen)


def _needed(flow: Flow, target: str | None, only: bool, known: Mapping[str, str]) -> set[str]:
    """The nodes a run is about: going upstream from the target, stopping at outputs that are there."""
    if target is None:
        return set(flow.nodes)
    found: set[str] = set()
    open_ = [target]
    while open_:
        name = open_.pop()
        if name in found or name not in flow.nodes:
            continue
        found.add(name)
        stop = name != target and (only or name in known)
        if not stop:
            open_ += [reference.name for reference in flow.nodes[name].references if reference.source == "node"]  # type: ignore[index]
    return found


def _check_only(flow: Flow, target: str, known: Mapping[str, str]) -> None:
    references = flow.nodes[target].references  # type: ignore[index]
    missing = [reference.name for reference in references if reference.source == "node" and reference.name not in known]
    if missing:
        names = ", ".join(f"'{name}'" for name in dict.fromkeys(missing))
        raise UsageError(
            f"To run '{target}' alone, the output of {names} is needed, and neither an earlier run nor a pin has it.",
            hint=f"Run to '{target}' once, pin the output, or give a value.",
            node=target,
        )


def _decide(
    node: Node,
    target: str | None,
    known: Mapping[str, str],
    kept: Mapping[str, str],
    rerun: Mapping[str, str],
    before: Mapping[str, PlanStep],
    inputs: Mapping[str, Any],
    flow: Flow,
) -> tuple[Action, str]:
    name = node.name
    action = known.get(name)
    if action is not None and name != target:
        if action == "reuse":
            return "reuse", kept[name]
        return ("given", "its output came with the call.") if action == "given" else ("pinned", "its output is in flow.pins.json.")
    if node.activate is not None:
        return _condition(node, before, inputs, flow)
    sources = {reference.name for reference in node.references if reference.source == "node" and reference.name in before}
    if sources and all(before[source].action == "bypass" for source in sources):
        return "bypass", "everything it takes its inputs from is bypassed."
    if name in rerun:
        return "run", rerun[name]
    if target is None:
        return "run", "it is part of the flow."
    return "run", "it was asked for." if name == target else f"'{target}' needs it."


def _condition(node: Node, before: Mapping[str, PlanStep], inputs: Mapping[str, Any], flow: Flow) -> tuple[Action, str]:
    assert node.activate is not None
    when = node.activate.when
    words = f"it runs only when {when if isinstance(when, Reference) else repr(when.value)} is {node.activate.value!r}."
    if isinstance(when, Constant):
        value: Any = when.value
    elif when.source == "input":
        spec = flow.inputs.get(when.name)
        value = inputs.get(when.name, spec.default if spec is not None else MISSING)
        if value is MISSING or node.aggregation:
            return "bypass-unknown", words
    else:
        bypassed = when.name in before and before[when.name].action == "bypass"
        return ("bypass", f"'{when.name}', which decides, is bypassed.") if bypassed else ("bypass-unknown", words)
    return ("run", "its condition is met.") if value == node.activate.value else ("bypass", words)


def _runnable_order(flow: Flow, wanted: set[str]) -> list[str]:
    """The wanted nodes so that each comes after those it waits for; nodes of a cycle come last, as the file lists them."""
    names: list[str] = [name for name in flow.nodes if name in wanted]
    waits = {
        name: {reference.name for reference in flow.nodes[name].references if reference.source == "node" and reference.name in wanted}  # type: ignore[index]
        for name in names
    }
    successors: dict[str, list[str]] = {name: [] for name in names}
    for name, sources in waits.items():
        for source in sources:
            successors[source].append(name)
    missing = {name: len(sources) for name, sources in waits.items()}
    order = [name for name in names if not missing[name]]
    for name in order:
        for successor in successors[name]:
            missing[successor] -= 1
            if not missing[successor]:
                order.append(successor)
    done = set(order)
    return [*order, *(name for name in names if name not in done)]
