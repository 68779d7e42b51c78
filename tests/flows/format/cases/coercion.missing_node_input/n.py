from promptflow.core import tool


@tool
def n(value: int, other: int) -> int:
    return value + other
