from promptflow.core import tool


@tool
def n(a: int, *rest) -> list:
    return [a, *rest]
