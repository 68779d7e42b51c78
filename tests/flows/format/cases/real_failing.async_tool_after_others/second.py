from promptflow.core import tool


@tool
def second(n: int) -> int:
    return [][n]
