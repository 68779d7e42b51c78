from promptflow.core import tool


@tool
def test(n: int) -> bool:
    return n > 1
