from promptflow.core import tool


@tool
def join(a='no a', b='no b') -> str:
    return f"{a} and {b}"
