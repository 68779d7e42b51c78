from promptflow.core import tool


def helper(x):
    return x + 1


@tool
def n(x: int) -> int:
    return helper(x)
