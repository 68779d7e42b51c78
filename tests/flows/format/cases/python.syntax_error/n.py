from promptflow.core import tool


@tool
def n(x: int) -> int
    return x
