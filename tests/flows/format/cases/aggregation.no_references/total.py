from promptflow.core import tool


@tool
def total(number: int) -> int:
    return number
