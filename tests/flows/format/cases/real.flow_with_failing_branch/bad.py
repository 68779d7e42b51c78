from promptflow.core import tool


@tool
def bad(n: int) -> float:
    return 1 / n
