"""One node's work, done once: the right thread or task, its connections and Context, time limits and tries."""

from __future__ import annotations

import asyncio
import contextvars
import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine import policy
from flowloom.flows.engine.context import NodeContext
from flowloom.flows.engine.events import NodeFailed, NodeStarted
from flowloom.flows.engine.streams import is_stream
from flowloom.flows.errors import FlowloomError
from flowloom.flows.node.context import running

if TYPE_CHECKING:
    from flowloom.flows.engine.prepare import Step
    from flowloom.flows.engine.scope import RunScope


def complete(step: Step, arguments: dict[str, Any], context: NodeContext) -> dict[str, Any]:
    """The arguments with what the run alone can give: own copies, connections named by other nodes, the Context."""
    bound = step.bound
    for name in step.mutable:
        if name in arguments:
            arguments[name] = copy.deepcopy(arguments[name])
    for name, wanted in bound.connection_parameters.items():
        if isinstance(arguments.get(name), str):
            arguments[name] = context.scope.prepared.connect(arguments[name], wanted)
    if bound.takes_run_inputs:
        arguments.update(context.scope.inputs)
    if bound.context_parameter is not None:
        arguments[bound.context_parameter] = context
    return arguments


def failure(error: BaseException, step: Step, context: NodeContext) -> FlowloomError:
    """What a node raised, as an error of ours that names it; words are masked here."""
    if not isinstance(error, FlowloomError):
        from flowloom.flows.node.user_code import tool_error

        error = tool_error(error, root=context.root, node=step.name)
    return context.scope.redacted(error.at(node=step.name))


async def perform(step: Step, arguments: dict[str, Any], context: NodeContext) -> Any:
    """Run a node as its ``retry`` and ``timeout_seconds`` say, or take its output from the cache where the run asks for it.

    Returns what its function returned; raises what it raised last.
    """
    keeper = None
    if context.scope.may_reuse(step):
        from flowloom.flows.engine import reuse

        kept, keeper = reuse.look_up(step, arguments, context)
        if kept is not None:
            return reuse.replay(kept, context)
    value = await _with_tries(step, arguments, context)
    if keeper is not None:
        if is_stream(value):
            context.keeper = keeper
        else:
            keeper.keep(context, value, streamed=False)
    return value


async def _with_tries(step: Step, arguments: dict[str, Any], context: NodeContext) -> Any:
    retry = step.node.retry
    attempts = max(1, retry.attempts) if retry is not None else 1
    while True:
        try:
            return await policy.within(step.node.timeout_seconds, call(step, dict(arguments), context), step.name)
        except Exception as raised:
            error = failure(raised, step, context)
            if retry is None or context.attempt >= attempts or not policy.may_help(error) or context.scope.stopping:
                raise error from raised
            name = context.scope.prefix + step.name
            context.flush()
            context.scope.send(NodeFailed(name, error, context.seconds, will_retry=True))
            await asyncio.sleep(policy.wait_before(context.attempt, retry))
            context.attempt += 1
            from time import time

            context.scope.send(NodeStarted(name, time(), context.attempt))


async def call(step: Step, arguments: dict[str, Any], context: NodeContext) -> Any:
    """Run a node's function once, where it belongs."""
    bound = step.bound
    running.set(context)
    if bound.is_coroutine:
        return await bound.function(**arguments)
    if bound.quick:
        return bound.function(**arguments)
    return await in_thread(step.name, lambda: bound.function(**arguments), context.scope)


def in_thread(label: str, function: Callable[[], Any], scope: RunScope) -> asyncio.Future[Any]:
    """Call a function in a thread with the caller's context variables. Cancelling the future does not stop the thread."""
    future: asyncio.Future[Any] = scope.loop.create_future()
    variables = contextvars.copy_context()

    def settle(value: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        elif isinstance(error, StopIteration):
            # A future cannot carry StopIteration: it would end whoever awaits it.
            future.set_exception(RuntimeError("the tool raised StopIteration"))
        else:
            future.set_exception(error)

    def job() -> None:
        try:
            value = variables.run(function)
        except BaseException as error:
            scope.mailbox.post(settle, None, error)
        else:
            scope.mailbox.post(settle, value, None)

    scope.threads.submit(label, job)
    return future
