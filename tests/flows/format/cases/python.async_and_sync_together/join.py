from promptflow.core import tool


@tool
async def join(a: int, b: int) -> list:
    return [a, b]
