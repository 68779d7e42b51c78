from promptflow import tool


@tool
def n(x: str) -> str:
    return x
