from promptflow.core import tool


@tool
def total(numbers: list) -> float:
    return sum(numbers)
