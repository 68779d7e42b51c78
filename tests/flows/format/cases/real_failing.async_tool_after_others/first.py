from promptflow.core import tool


import asyncio


@tool
async def first(n: int) -> int:
    await asyncio.sleep(0.01)
    return n + 1
