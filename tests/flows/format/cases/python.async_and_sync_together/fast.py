from promptflow.core import tool


import asyncio


@tool
def fast(x: int) -> int:
    return asyncio.run(asyncio.sleep(0, x * 10))
