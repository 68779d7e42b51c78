from promptflow.core import tool


@tool
def join(a, b, c) -> str:
    return f"{a} {b} {c}"
