"""What a node reaches through ``ctx.invoke``: nodes of its flow, node types, other flows. Resolved, traced and limited here alone.

What is called appears in events below its caller, as ``agent/search``, a second call as ``agent/search#2``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import time
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine import work
from flowloom.flows.engine.context import NodeContext
from flowloom.flows.engine.events import (
    Event,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    RunFinished,
    RunStarted,
)
from flowloom.flows.engine.scope import MAX_DEPTH, RunScope
from flowloom.flows.engine.streams import is_stream
from flowloom.flows.errors import FlowloomError, LimitExceeded, NodeError, RunCancelled, UsageError
from flowloom.flows.model.flow import Constant, Node, NodeName, Source

if TYPE_CHECKING:
    from flowloom.flows.engine.prepare import Step


async def invoke(caller: NodeContext, reference: str, arguments: dict[str, Any]) -> Any:
    """``node:<name>``, ``type:<id>`` or ``flow:<path>`` with these arguments. Runs on the run's loop.

    Raises what the called raises, LimitExceeded past the depth a run may nest, and UsageError for a reference that names nothing.
    """
    kind, _, name = reference.partition(":")
    scope = caller.scope
    if scope.depth >= MAX_DEPTH:
        raise LimitExceeded(
            f"Nodes call each other more than {MAX_DEPTH} levels deep; '{reference}' is not called any more.",
            hint="Does a flow call itself without end?",
            node=caller.node,
        )
    if kind == "flow":
        return await _flow(caller, name, arguments)
    if kind == "node":
        if name not in scope.prepared.flow.nodes:
            raise UsageError(f"The flow has no node '{name}' to call.", hint=f"Choose one of: {', '.join(scope.prepared.flow.nodes)}.")
        step = scope.prepared.step(name)
        return await _step(caller, name, step, _node_arguments(scope, step, arguments))
    if kind == "type":
        inputs = {key: Constant(value) for key, value in arguments.items()}
        node = Node(NodeName(name), "python", Source("package", tool=name), inputs)
        step = scope.prepared.make_ready(node)
        return await _step(caller, name, step, {**step.template, **arguments})
    raise UsageError(f"{reference!r} cannot be called.", hint="Write node:NAME, type:ID or flow:PATH.")


def _node_arguments(scope: RunScope, step: Step, arguments: dict[str, Any]) -> dict[str, Any]:
    found = {**step.template, **{parameter: scope.inputs[name] for parameter, name in step.from_inputs}, **arguments}
    for parameter, name, _ in step.from_nodes:
        if parameter not in arguments:
            raise NodeError(
                f"'{step.name}' was called without a value for '{parameter}', which comes from '{name}' in the flow.",
                hint=f"Give a value for '{parameter}' in the call.",
                field=parameter,
            )
    return found


async def _step(caller: NodeContext, name: str, step: Step, arguments: dict[str, Any]) -> Any:
    label = caller.call_name(name)
    scope = caller.scope.inside(caller.node)
    context = NodeContext(scope, label)
    shown = scope.prefix + label
    scope.send(NodeStarted(shown, time()))
    try:
        value = await work.perform(step, work.complete(step, arguments, context), context)
        if is_stream(value):
            value = await _whole(value, shown, scope)
            if context.keeper is not None:
                context.keeper.keep(context, value, streamed=True)
    except asyncio.CancelledError:
        context.flush()
        scope.send(NodeCancelled(shown, context.seconds))
        raise
    except Exception as error:
        failed = _below(work.failure(error, step, context), caller.node, label)
        context.flush()
        scope.send(NodeFailed(shown, failed, context.seconds))
        raise failed from error
    finally:
        context.is_over = True
        if context.spent is not None:
            caller.usage(context.spent)
    context.flush()
    scope.send(NodeFinished(shown, value, context.seconds, context.spent, context.cached, context.ended_as))
    return value


async def _whole(value: Any, shown: str, scope: RunScope) -> str:
    """A streamed output as one text, its pieces shown as they come."""
    chunks: list[str] = []

    def take(chunk: Any) -> None:
        chunks.append(str(chunk))
        if scope.wants_stream:
            scope.send(NodeDelta(shown, chunk))

    if isinstance(value, Iterator):
        source = value

        def drain() -> None:
            for chunk in source:
                take(chunk)

        await work.in_thread(shown, drain, scope)
    else:
        assert isinstance(value, AsyncIterator)
        async for chunk in value:
            take(chunk)
    return "".join(chunks)


async def _flow(caller: NodeContext, path: str, arguments: dict[str, Any]) -> Any:
    from flowloom.flows.engine.run import Run, RunOptions

    scope = caller.scope
    prepared = scope.prepared.subflow(path)
    # One flow may be called several times by a node, for each item of a list: later calls get a number.
    inner = scope.inside(caller.call_name(caller.node))
    options = RunOptions(
        cache=scope.cache,
        reuse=scope.reuse,
        stream=scope.wants_stream,
        exchanges=scope.exchanges,
        echo=scope.echo,
        pressure=scope.pressure,
        approver=scope.approver,
        depth=inner.depth,
        prefix=inner.prefix,
    )

    def relay(event: Event) -> None:
        if not isinstance(event, RunStarted | RunFinished):
            scope.emit(event)

    run = Run(prepared, arguments, options, relay)
    result = await run.execute()
    for node in result.nodes.values():
        if node.usage is not None:
            caller.usage(node.usage)
    if result.error is not None:
        raise _below(result.error, caller.node, "")
    return result.outputs


def _below(error: FlowloomError, caller: str, label: str) -> FlowloomError:
    """The error with the way down to where it happened: ``agent/search``."""
    inner = error.node or label
    if inner and not isinstance(error, RunCancelled):
        error.node = f"{caller}/{inner}"
    return error

