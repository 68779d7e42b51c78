from promptflow.core import tool


@tool
def show(value: int) -> str:
    return f"{type(value).__name__}: {value!r}"
