from promptflow.core import tool


@tool
def two(a: str = "none given", b: str = "nothing") -> str:
    return f"{a}, {b}"
