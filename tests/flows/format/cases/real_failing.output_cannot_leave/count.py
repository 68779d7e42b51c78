from promptflow.core import tool


@tool
def count(names) -> int:
    return len(names)
