from promptflow.core import tool


@tool
def odd(n: int) -> bool:
    return bool(n % 2)
