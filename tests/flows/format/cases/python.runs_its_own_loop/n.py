import asyncio

from promptflow.core import tool


async def one(x):
    await asyncio.sleep(0)
    return x * 2


async def all_of(numbers):
    return await asyncio.gather(*map(one, numbers))


@tool
def n(numbers: list) -> list:
    return asyncio.run(all_of(numbers))
