"""A flow again and again, until it is good enough."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from flowloom.flows.errors import LimitExceeded, NodeError
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.nodes.services.expressions import holds

MAX_ROUNDS = 1_000


class LoopResult(TypedDict):
    outputs: Annotated[dict, "The last round's outputs, by name"]
    rounds: Annotated[int, "How many rounds ran"]
    met: Annotated[bool, "Whether the condition ended it, rather than the limit"]


@node(id="loom.flow.loop", title="Repeat", category="Flow", icon="arrows-clockwise", cacheable=False)
async def loop(
    ctx: Context,
    *,
    flow: Annotated[str, "The flow to repeat: its folder, seen from this one"],
    until: Annotated[str, "Stop when this holds: the outputs by their names, and round; empty runs all rounds"] = "",
    max_rounds: Annotated[int, "How many rounds at most"] = 3,
    **inputs: Annotated[Any, "The inputs of the first round"],
) -> LoopResult:
    """Repeat another flow. What it gives under the name of an input you added is that input in the next round.

    A draft and a critique, for example: `until` is `score >= 8`, and the output draft feeds the input draft.
    """
    if not 1 <= max_rounds <= MAX_ROUNDS:
        raise LimitExceeded(
            f"{max_rounds} rounds are not possible.", field="max_rounds", hint=f"Choose a number from 1 to {MAX_ROUNDS}."
        )
    state = dict(inputs)
    outputs: dict[str, Any] = {}
    for number in range(1, max_rounds + 1):
        outputs = await ctx.invoke(f"flow:{flow}", state)
        if not isinstance(outputs, dict):
            raise NodeError(f"The flow {flow} gave no named outputs.", field="flow", hint="Repeat a flow that has outputs.")
        if until and holds(until, {**state, **outputs, "round": number}):
            return LoopResult(outputs=outputs, rounds=number, met=True)
        state.update({name: value for name, value in outputs.items() if name in state})
        ctx.log(f"Round {number} of at most {max_rounds} is done.")
    return LoopResult(outputs=outputs, rounds=max_rounds, met=not until)
