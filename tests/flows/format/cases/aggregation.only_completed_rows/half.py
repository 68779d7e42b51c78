from promptflow.core import tool


@tool
def half(n: int) -> float:
    return 12 / n
