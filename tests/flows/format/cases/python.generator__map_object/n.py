from promptflow.core import tool


@tool
def n(x: int):
    return map(str, range(x))
