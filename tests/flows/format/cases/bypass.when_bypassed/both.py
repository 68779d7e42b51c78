from promptflow.core import tool


@tool
def both(a, b: str) -> str:
    return f"{a} and {b}"
