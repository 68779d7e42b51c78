from promptflow.core import tool


@tool
def broken(numbers: list) -> str:
    raise ValueError("cannot add these up")
