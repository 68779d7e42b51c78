from promptflow.core import tool


@tool
def n(value: int) -> int:
    return value
