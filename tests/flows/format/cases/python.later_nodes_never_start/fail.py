from promptflow.core import tool


@tool
def fail(x: str) -> str:
    raise ValueError("no " + x)
