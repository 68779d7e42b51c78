from promptflow.core import tool


@tool
def n(x: int):
    yield from range(x)
