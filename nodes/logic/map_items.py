"""A flow for each item of a list."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from flowloom.flows.errors import FlowloomError, NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node

MAX_CONCURRENCY = 200


@node(id="loom.flow.map", title="For each", category="Flow", icon="repeat", cacheable=False)
async def map_items(
    ctx: Context,
    items: Annotated[list, "The list to go through"],
    *,
    flow: Annotated[str, "The flow to run for each item: its folder, seen from this one"],
    item_name: Annotated[str, "The input of that flow which takes the item"] = "item",
    output_name: Annotated[str, "The one output to collect; empty collects all, by name"] = "",
    concurrency: Annotated[int, "How many items at a time"] = 8,
    on_error: Annotated[Literal["stop", "keep", "drop"], "Stop at the first error, keep errors in the list, or drop those items"] = "stop",
    **inputs: Annotated[Any, "Further inputs, the same for every item"],
) -> Annotated[list, "One result an item, in the order of the list"]:
    """Run another flow once for every item of a list, several at a time, and collect the results in order.

    With "keep", an item that failed gives {"error": {"kind", "message", "node", "hint"}} in its place.
    """
    if not isinstance(items, list | tuple):
        raise NodeError(
            f"For each goes through a list, and was given {type(items).__name__}.", field="items", hint="Wire a list into items."
        )
    if not 1 <= concurrency <= MAX_CONCURRENCY:
        raise NodeError(
            f"{concurrency} items at a time is not possible.", field="concurrency", hint=f"Choose a number from 1 to {MAX_CONCURRENCY}."
        )
    waiting = iter(enumerate(items))
    results: dict[int, Any] = {}

    async def work() -> None:
        for position, item in waiting:
            try:
                outputs = await ctx.invoke(f"flow:{flow}", {**inputs, item_name: item})
                results[position] = _pick(outputs, output_name, flow)
            except FlowloomError as error:
                if on_error == "stop":
                    raise NodeError(f"Item {position + 1} of {len(items)}: {error.message}", hint=error.hint) from error
                if on_error == "keep":
                    results[position] = {"error": error.as_json()}

    workers = [asyncio.create_task(work()) for _ in range(min(concurrency, len(items)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [results[position] for position in sorted(results)]


def _pick(outputs: dict[str, Any], name: str, flow: str) -> Any:
    if not name:
        return outputs
    if name not in outputs:
        raise NodeError(
            f"The flow {flow} has no output named {name}; it has {', '.join(outputs) or 'none'}.",
            field="output_name",
            hint="Choose one of its outputs, or leave the field empty to collect all.",
        )
    return outputs[name]
