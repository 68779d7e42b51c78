from promptflow.core import tool


@tool
def good(n: int) -> int:
    return n
