from promptflow.core import tool


@tool
def first(x: int) -> int:
    return x


@tool
def second(x: int) -> int:
    return x
