import asyncio

from promptflow.core import tool
from promptflow.tracing import trace


@trace
async def one(topic, delay):
    await asyncio.sleep(delay)
    return {"topic": topic, "hits": len(topic)}


@tool
async def search(topics: list, delay: float) -> list:
    return await asyncio.gather(*(one(topic, delay) for topic in topics))
