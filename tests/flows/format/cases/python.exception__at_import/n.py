from promptflow.core import tool

raise RuntimeError("broken file")


@tool
def n(x: int) -> int:
    return x
