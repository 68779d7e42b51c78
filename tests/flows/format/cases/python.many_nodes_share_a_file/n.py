from promptflow.core import tool


@tool
def n(x: int, factor: int = 2) -> int:
    return x * factor
