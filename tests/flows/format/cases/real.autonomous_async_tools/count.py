from promptflow.core import tool


@tool
def count(topics: list) -> int:
    return len(topics)
