import asyncio

import meeting
from promptflow.core import tool


@tool
async def wait(me: str) -> str:
    meeting.HERE.add(me)
    for _ in range(500):
        if len(meeting.HERE) == 3:
            return "met"
        await asyncio.sleep(0.01)
    return "alone"
