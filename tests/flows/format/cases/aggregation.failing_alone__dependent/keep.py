from promptflow.core import tool


@tool
def keep(n: int) -> int:
    return n
