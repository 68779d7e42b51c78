from promptflow.core import tool

RATE = 3


@tool
def n(x: int, rate: int = RATE) -> int:
    return x * rate
