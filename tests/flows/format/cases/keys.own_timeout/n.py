from promptflow.core import tool


import asyncio


@tool
async def n() -> str:
    await asyncio.sleep(30)
    return "late"
