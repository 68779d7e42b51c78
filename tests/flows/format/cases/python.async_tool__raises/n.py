import asyncio

from promptflow.core import tool


@tool
async def n(x: int) -> int:
    await asyncio.sleep(0.01)
    raise KeyError("lost")
