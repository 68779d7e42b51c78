from promptflow.core import tool


@tool
def double(n: int) -> dict:
    return {"value": n * 2}
