from promptflow.core import tool


@tool
async def n(x: str):
    for word in x.split():
        yield word + " "
