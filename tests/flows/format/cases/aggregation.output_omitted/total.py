from promptflow.core import tool


@tool
def total(numbers: list) -> int:
    return sum(numbers)
