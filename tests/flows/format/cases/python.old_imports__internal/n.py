from promptflow._internal import tool


@tool
def n(x: str) -> str:
    return x
