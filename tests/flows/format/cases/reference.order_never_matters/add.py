from promptflow.core import tool


@tool
def add(a: int, b: int) -> int:
    return a + b
