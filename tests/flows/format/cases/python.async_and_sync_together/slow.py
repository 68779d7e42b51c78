import asyncio

from promptflow.core import tool


@tool
async def slow(x: int) -> int:
    await asyncio.sleep(0.01)
    return x + 1
