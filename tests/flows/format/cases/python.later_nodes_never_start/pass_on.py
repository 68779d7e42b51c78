from promptflow.core import tool


@tool
def pass_on(x: str) -> str:
    return x
