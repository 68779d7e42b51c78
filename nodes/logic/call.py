"""A flow as a node of another."""

from __future__ import annotations

from typing import Annotated, Any

from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node


@node(id="loom.flow.call", title="Subflow", category="Flow", icon="tree-structure", cacheable=False)
async def call(
    ctx: Context,
    *,
    flow: Annotated[str, "The other flow's folder, seen from this one"],
    **inputs: Annotated[Any, "The other flow's inputs, by name"],
) -> Annotated[dict, "The other flow's outputs, by name"]:
    """Run another flow as one step and give its outputs.

    Inputs you add are the other flow's inputs; those left out take its defaults.
    """
    return await ctx.invoke(f"flow:{flow}", inputs)
