from promptflow.core import tool


@tool
def n(x: int) -> int:
    raise ValueError(f"{x} is too many")
