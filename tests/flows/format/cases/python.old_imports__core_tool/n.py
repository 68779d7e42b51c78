from promptflow._core.tool import tool


@tool
def n(x: str) -> str:
    return x
