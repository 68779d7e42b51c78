from promptflow.core import tool
from promptflow.tracing import trace


@trace
def inner(x):
    return {"inner": x}


@trace
async def slow(x):
    return x * 2


@tool
@trace
def n(x: int) -> dict:
    import asyncio

    return {**inner(x), "slow": asyncio.run(slow(x))}
