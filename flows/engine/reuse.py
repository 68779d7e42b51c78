"""Taking a node's output from the cache, and putting it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine.cache import Cache, Kept
from flowloom.flows.engine.codec import NotKept
from flowloom.flows.engine.events import Exchange, Log, Metric
from flowloom.flows.engine.fingerprint import NoFingerprint, StreamUnderWay, key_parts
from flowloom.flows.engine.inputs import BYPASSED, arguments, why_bypassed
from flowloom.flows.engine.streams import Replayed
from flowloom.flows.errors import FlowloomError

if TYPE_CHECKING:
    from flowloom.flows.engine.context import NodeContext
    from flowloom.flows.engine.prepare import PreparedFlow, Step


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps what a node gives, once it is there."""

    cache: Cache
    step: Step
    given: Mapping[str, Any]
    parts: Mapping[str, str] | None
    """What decides the output; None where an input is a stream, and only its end tells."""
    notes: list[Any]

    def keep(self, context: NodeContext, output: Any, *, streamed: bool) -> None:
        context.flush()
        try:
            parts = self.parts or key_parts(self.step, self.given, context.scope.prepared)
        except NoFingerprint:
            return
        notes = [replace(note, node=None) for note in self.notes if isinstance(note, Log | Metric | Exchange)]
        try:
            self.cache.keep(
                context.node, parts, output, streamed=streamed, outcome=context.ended_as, notes=notes, seconds=context.seconds
            )
        except NotKept as error:
            context.log(f"The output of '{context.node}' was not kept for later runs: {error}.", "debug")


def look_up(step: Step, given: Mapping[str, Any], context: NodeContext) -> tuple[Kept | None, Keeper | None]:
    """The record of a node called with these arguments; else who keeps the new one, None where it cannot be kept. Says why in the log."""
    cache = context.scope.cache
    assert cache is not None
    try:
        parts = key_parts(step, given, context.scope.prepared)
    except StreamUnderWay:
        return None, Keeper(cache, step, given, None, context.keep_events())
    except NoFingerprint as error:
        context.log(f"'{step.name}' cannot be taken from earlier runs: {error}", "debug")
        return None, None
    kept = cache.find(parts)
    if kept is not None:
        return kept, None
    why = cache.why_again(step.name, parts)
    context.log(f"'{step.name}' runs: {why}", "warning" if cache.trouble else "debug")
    return None, Keeper(cache, step, given, parts, context.keep_events())


def replay(kept: Kept, context: NodeContext) -> Any:
    """The output of a record; its logs and metrics happen again."""
    context.cached = True
    context.ended_as = kept.outcome
    name = context.scope.prefix + context.node
    for note in kept.notes:
        if isinstance(note, Exchange) and not context.scope.exchanges:
            continue
        context.scope.send(replace(note, node=name))
    return Replayed(kept.output) if kept.streamed else kept.output


def foresee(
    prepared: PreparedFlow, order: list[str], inputs: Mapping[str, Any], known: Mapping[str, Any], cache: Cache
) -> tuple[dict[str, Any], dict[str, str]]:
    """Which nodes a run with these inputs would take from the cache, with their outputs, and why the others would run.

    ``order`` lists nodes so that each comes after those it waits for. The folder's code is imported, no node is run.
    """
    values = dict(known)
    kept: dict[str, Any] = {}
    rerun: dict[str, str] = {}
    for name in order:
        if name in known:
            continue
        step = prepared.step(name)
        waits_for = [upstream for upstream in step.upstream if upstream not in values]
        if waits_for:
            rerun[name] = f"'{waits_for[0]}' runs, which it depends on."
            continue
        try:
            if why_bypassed(step, values, inputs) is not None:
                values[name] = BYPASSED
                continue
            parts = key_parts(step, _connected(step, arguments(step, values, inputs), prepared), prepared)
        except NoFingerprint as error:
            rerun[name] = str(error)
            continue
        except (FlowloomError, KeyError) as error:
            rerun[name] = f"it cannot be told before: {error}."
            continue
        found = cache.find(parts)
        if found is None:
            rerun[name] = cache.why_again(name, parts)
        else:
            kept[name] = values[name] = Replayed(found.output) if found.streamed else found.output
    return kept, rerun


def _connected(step: Step, given: dict[str, Any], prepared: PreparedFlow) -> dict[str, Any]:
    for name, wanted in step.bound.connection_parameters.items():
        given[name] = prepared.connect(given.get(name), wanted)
    return given
