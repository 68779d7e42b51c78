from promptflow.core import tool


@tool
def join(a) -> str:
    return f"got {a}"
